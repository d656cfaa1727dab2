namespace Picket.Actors.Dispatch;

/// <summary>Runs mailboxes on the workers that all systems of the process share; the mailbox is the work item.</summary>
internal sealed class PoolDispatcher(int throughput) : MessageDispatcher(throughput)
{
    // hot
    public override void Schedule(Mailbox mailbox) => WorkerPool.Shared.Schedule(mailbox);
}
