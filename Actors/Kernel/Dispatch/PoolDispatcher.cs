namespace Picket.Actors.Dispatch;

/// <summary>Runs mailboxes on the thread pool: the mailbox is the work item. The pool's global queue keeps turns fair; its local
/// ones would let two actors that talk to each other starve the rest of their thread.</summary>
internal sealed class PoolDispatcher(int throughput) : MessageDispatcher(throughput)
{
    // hot
    public override void Schedule(Mailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
}
