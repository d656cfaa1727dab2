namespace Picket.Actors.Dispatch;

/// <summary>First in, first out, without a bound: the default.</summary>
public sealed class UnboundedMailbox : MailboxType
{
    internal override MessageQueue Create() => new SegmentQueue();
}
