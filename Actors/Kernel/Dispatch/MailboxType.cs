namespace Picket.Actors.Dispatch;

/// <summary>A kind of mailbox; each actor gets its own queue from it.</summary>
public abstract class MailboxType
{
    private protected MailboxType() { }

    internal abstract MessageQueue Create();
}
