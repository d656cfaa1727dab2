namespace Picket.Actors.Persistence.Recovering;

/// <summary>
/// One recovery of one incarnation: a permit, the snapshot, the events, and the time that each may take. Used in the actor's turns;
/// <see cref="Credit"/>, <see cref="Stopped"/> and <see cref="Saw"/> by the reader too.
/// </summary>
internal sealed class RecoveryRun : IDisposable
{
    /// <summary>Batches that the reader may be ahead of the actor.</summary>
    private const int Ahead = 2;

    private readonly PersistenceExtension _extension;
    private readonly Recovery _recovery;
    private readonly string _persistenceId;
    private readonly CancellationTokenSource _stop = new();
    private ICancelable? _tick;
    private long _seen;

    public RecoveryRun(PersistenceExtension extension, IActorRef actor, string persistenceId, Recovery recovery)
    {
        _extension = extension;
        _persistenceId = persistenceId;
        _recovery = recovery;
        Actor = actor;
        Stopped = _stop.Token;
    }

    public IActorRef Actor { get; }

    /// <summary>Lets the reader go on.</summary>
    public SemaphoreSlim Credit { get; } = new(Ahead);

    /// <summary>Ends the reading.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>True from the answer of the snapshot store on.</summary>
    public bool IsReplaying { get; private set; }

    public void Begin()
    {
        if (_extension.Permits.Request(this)) LoadSnapshot();
    }

    public void LoadSnapshot()
    {
        Watch();
        if (_recovery.FromSnapshot == SnapshotSelectionCriteria.None) Actor.Owe(new SnapshotLoaded(this, null));
        else _extension.Snapshots.Load(Actor, this, _persistenceId, _recovery.FromSnapshot.Limit(_recovery.ToSequenceNr));
    }

    /// <summary>Reads the events after the snapshot.</summary>
    public void Replay(long from)
    {
        IsReplaying = true;
        Watch();
        _extension.Replay(new Replay(this, _persistenceId, from, _recovery.ToSequenceNr, _recovery.ReplayMax));
    }

    /// <summary>An event came. Some are held back to be looked at, so that the actor cannot tell.</summary>
    public void Saw() => Volatile.Write(ref _seen, _extension.System.TimeProvider.GetTimestamp());

    /// <summary>True when nothing has come for too long. By the clock and not from tick to tick: a busy actor may find two ticks at once.
    /// </summary>
    public bool IsSilent() =>
        _extension.System.TimeProvider.GetElapsedTime(Volatile.Read(ref _seen)) >= _extension.Options.RecoveryEventTimeout;

    /// <summary>At the end, whatever it is: the permit goes to the next, the reader stops.</summary>
    public void Dispose()
    {
        _tick?.Cancel();
        _stop.Cancel();
        _stop.Dispose();
        _extension.Permits.Return(this);
    }

    private void Watch()
    {
        _tick?.Cancel();
        Saw();
        var every = _extension.Options.RecoveryEventTimeout;
        _tick = _extension.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            every, every, Actor, new RecoveryTick(this), ActorRefs.NoSender);
    }
}
