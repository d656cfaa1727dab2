namespace Picket.Actors.Dispatch;

/// <summary>Gives mailboxes a thread to run on.</summary>
internal abstract class MessageDispatcher(int throughput)
{
    /// <summary>User messages that an actor may handle in one turn before others have theirs.</summary>
    public int Throughput { get; } = throughput;

    public abstract void Schedule(Mailbox mailbox);

    /// <summary>Told when a mailbox has closed for good.</summary>
    public virtual void Detach() { }
}
