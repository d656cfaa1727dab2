namespace Picket.Actors.Dispatch;

/// <summary>The user lane of a mailbox: many producers, one consumer.</summary>
internal abstract class MessageQueue
{
    /// <summary>False when the queue is closed or refuses; the message then belongs to dead letters.</summary>
    public abstract bool TryEnqueue(object message, IActorRef? sender);

    /// <summary>As <see cref="TryEnqueue"/>, for what the kernel itself puts in and no bound may refuse.</summary>
    public virtual bool TryEnqueueUnbounded(object message, IActorRef? sender) => TryEnqueue(message, sender);

    public abstract bool TryDequeue(ref Cursor cursor, out object message, out IActorRef? sender);

    /// <summary>Asked by the consumer after it said that it goes idle: true also for a message whose producer has not finished.</summary>
    public abstract bool HasMessages(in Cursor cursor);

    /// <summary>An estimate for any thread.</summary>
    public abstract int Count(in Cursor cursor);

    /// <summary>Refuses all that comes from now on and gives back all that came before. Called by the consumer.</summary>
    public abstract void Close(ref Cursor cursor, Action<object, IActorRef?> drain);
}
