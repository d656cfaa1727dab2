using Picket.Actors;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context.Hashing;

/// <summary>
/// /hashing: owns the thread that hashes executables, and hands the executions that waited for it to their shards. What it must not forget
/// lies in the engine.
/// </summary>
internal sealed class HashActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10), LongestRead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(2);

    private readonly HashEngine _engine;
    private readonly uint _ownNamespace;
    private readonly IReadOnlyList<IActorRef> _shards;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private readonly List<IActorRef> _waiting = [];
    private HashThread? _thread;
    private bool _saidStalled;

    /// <summary>Makes the actor.</summary>
    /// <param name="engine">Survives restarts.</param>
    /// <param name="ownNamespace">This process's own mount namespace.</param>
    /// <param name="shards">The detection shards, by index.</param>
    /// <param name="monitor">Receives the ledger's reports, and what goes wrong.</param>
    /// <param name="time">The clock.</param>
    public HashActor(HashEngine engine, uint ownNamespace, IReadOnlyList<IActorRef> shards, IActorRef monitor, TimeProvider time)
    {
        _engine = engine;
        _ownNamespace = ownNamespace;
        _shards = shards;
        _monitor = monitor;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        // The same reference stands for every incarnation of this actor.
        var self = Self;
        _engine.News = () => self.Tell(HashNews.Instance, ActorRefs.NoSender);
        _engine.Marks = mark => self.Tell(mark, ActorRefs.NoSender);
        Timers.StartPulseTimer(nameof(Look), new Look(), LookInterval);
        _thread = new HashThread(_engine, _ownNamespace, _time);
        _thread.Start();
        self.Tell(HashNews.Instance, ActorRefs.NoSender);
    }

    protected override void PostStop() => _thread?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HashNews:
                Work();
                break;
            case Barrier barrier:
                Pass(barrier);
                break;
            case AwaitHashes:
                _waiting.Add(Sender);
                Timers.StartSingleTimer(nameof(LongEnough), new LongEnough(), SettlesWithin);
                Work();
                break;
            case LongEnough:
                _engine.GiveUp();
                Work();
                Settle();
                break;
            case Look:
                Watch();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Work()
    {
        while (_engine.TryHandOn(out var slice, out var shard)) _shards[shard].Tell(slice, Self);
        if (_engine.IsSettled) Settle();
    }

    private void Settle()
    {
        foreach (var asker in _waiting) asker.Tell(new HashesSettled(), Self);
        _waiting.Clear();
    }

    private void Pass(Barrier barrier)
    {
        var (files, late) = _engine.Report(barrier.Number);
        _monitor.Tell(files, Self);
        _monitor.Tell(late, Self);
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            var edge = _engine.ShardEdges[shard];
            _shards[shard].Tell(new Barrier(barrier.Number, edge, edge.Given) { EndsHere = true }, Self);
        }
    }

    private void Watch()
    {
        var stalled = _engine.InHandFor > LongestRead;
        if (stalled && !_saidStalled) _monitor.Tell(new HashingStalled(_engine.InHandFor), Self);
        _saidStalled = stalled;
    }

    private sealed record Look;

    private sealed record LongEnough;
}
