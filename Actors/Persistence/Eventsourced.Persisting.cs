using Picket.Actors.Persistence.Writing;

namespace Picket.Actors.Persistence;

/// <summary>What a persistent actor asks of its stores.</summary>
public abstract partial class Eventsourced
{
    /// <summary>
    /// Persists an event and calls the handler when it is durable, with the sender of the command; until then commands wait. Handlers
    /// run in the order of the calls.
    /// </summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RequireRecovered();
        _queue.Persist(@event, handler, stashing: true);
    }

    /// <summary>As <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/> with a handler that is a task.</summary>
    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler)
    {
        RequireRecovered();
        _queue.Persist(@event, handler, stashing: true);
    }

    /// <summary>Persists events, all or none, and calls the handler for each.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => PersistAll(events, handler, stashing: true);

    /// <summary>As <see cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>, with an action after the last handler; at once
    /// where there is no event and none waits.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, Action onComplete)
    {
        PersistAll(events, handler, stashing: true);
        Defer(onComplete, static complete => complete());
    }

    /// <summary>As <see cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/> with a handler that is a task.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) => PersistAll(events, handler, stashing: true);

    /// <summary>As <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/>, but commands do not wait.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RequireRecovered();
        _queue.Persist(@event, handler, stashing: false);
    }

    /// <summary>As <see cref="PersistAsync{TEvent}(TEvent, Action{TEvent})"/> with a handler that is a task.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Func<TEvent, Task> handler)
    {
        RequireRecovered();
        _queue.Persist(@event, handler, stashing: false);
    }

    /// <summary>As <see cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>, but commands do not wait.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        PersistAll(events, handler, stashing: false);

    /// <summary>As <see cref="PersistAllAsync{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>, with an action after the last handler.
    /// </summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, Action onComplete)
    {
        PersistAll(events, handler, stashing: false);
        DeferAsync(onComplete, static complete => complete());
    }

    /// <summary>As <see cref="PersistAllAsync{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/> with a handler that is a task.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        PersistAll(events, handler, stashing: false);

    /// <summary>Calls the handler when those before it have been called, at once where there are none. Nothing is persisted, and commands
    /// do not wait.</summary>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler) => Defer(evt, handler, stashing: false);

    /// <summary>As <see cref="DeferAsync{TEvent}(TEvent, Action{TEvent})"/>, but commands wait.</summary>
    public void Defer<TEvent>(TEvent evt, Action<TEvent> handler) => Defer(evt, handler, stashing: true);

    /// <summary>As <see cref="DeferAsync{TEvent}(TEvent, Action{TEvent})"/> with a handler that is a task.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Func<TEvent, Task> handler) => Defer(evt, handler, stashing: false);

    /// <summary>As <see cref="Defer{TEvent}(TEvent, Action{TEvent})"/> with a handler that is a task.</summary>
    public void Defer<TEvent>(TEvent evt, Func<TEvent, Task> handler) => Defer(evt, handler, stashing: true);

    /// <summary>Deletes events up to a number, included, for good; <see cref="long.MaxValue"/> for all there are. Answered by
    /// <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>. What the actor persists later is not touched.</summary>
    public void DeleteMessages(long toSequenceNr) =>
        Extension.DeleteMessages(Self, PersistenceId, Math.Min(toSequenceNr, LastSequenceNr), toSequenceNr);

    /// <summary>Saves the state as of <see cref="SnapshotSequenceNr"/>. Answered by <see cref="SaveSnapshotSuccess"/> or
    /// <see cref="SaveSnapshotFailure"/>. The object must not change any more.</summary>
    public void SaveSnapshot(object snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Extension.Snapshots.Save(Self, new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Extension.Now), snapshot);
    }

    /// <summary>Deletes the snapshot of that number. Answered by <see cref="DeleteSnapshotSuccess"/> or
    /// <see cref="DeleteSnapshotFailure"/>.</summary>
    public void DeleteSnapshot(long sequenceNr) => Extension.Snapshots.Delete(Self, new SnapshotMetadata(SnapshotterId, sequenceNr));

    /// <summary>Deletes the snapshots that are meant. Answered by <see cref="DeleteSnapshotsSuccess"/> or
    /// <see cref="DeleteSnapshotsFailure"/>.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        Extension.Snapshots.Delete(Self, SnapshotterId, criteria);
    }

    /// <summary>An event may or may not have been stored. The actor stops after this; start it again with back-off.</summary>
    /// <param name="cause">What the journal said.</param>
    /// <param name="event">The event.</param>
    /// <param name="sequenceNr">Its number.</param>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(
            cause, "event {0} ({1}) of [{2}] may not have been stored: {3}", sequenceNr, @event.GetType(), PersistenceId, cause.Message);

    /// <summary>An event was not stored, such as one that cannot be serialised. Its handler is not called; the actor goes on.</summary>
    /// <param name="cause">What the journal said.</param>
    /// <param name="event">The event.</param>
    /// <param name="sequenceNr">Its number, which stays used.</param>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "event {0} ({1}) of [{2}] was rejected: {3}", sequenceNr, @event.GetType(), PersistenceId, cause.Message);

    private void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        RequireRecovered();
        var sender = PersistQueue.Sender;
        _queue.PersistAll(events, (@event, written) => new EventInvocation<TEvent>(this, written, stashing, sender, @event, handler));
    }

    private void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler, bool stashing)
    {
        RequireRecovered();
        var sender = PersistQueue.Sender;
        _queue.PersistAll(events, (@event, written) => new EventTaskInvocation<TEvent>(this, written, stashing, sender, @event, handler));
    }

    private void Defer<TEvent>(TEvent evt, Action<TEvent> handler, bool stashing)
    {
        RequireRecovered();
        if (_queue.Pending == 0) handler(evt);
        else _queue.Defer(new EventInvocation<TEvent>(this, null, stashing, PersistQueue.Sender, evt, handler));
    }

    private void Defer<TEvent>(TEvent evt, Func<TEvent, Task> handler, bool stashing)
    {
        RequireRecovered();
        if (_queue.Pending == 0) RunHandler(() => handler(evt));
        else _queue.Defer(new EventTaskInvocation<TEvent>(this, null, stashing, PersistQueue.Sender, evt, handler));
    }

    private void RequireRecovered()
    {
        if (IsRecovering)
            throw new InvalidOperationException("nothing can be persisted during replay; RecoveryCompleted is the first message that may");
    }
}
