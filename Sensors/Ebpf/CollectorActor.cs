using Picket.Actors;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// /ebpf/process and its like: owns the programs and links of one concern. A new incarnation takes over the pinned links of
/// the one before, so that its failure blinds nobody. What the kernel refuses is tried again with growing waits, while the
/// other concerns go on.
/// </summary>
internal sealed class CollectorActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private const int TurnsALook = 3;

    private readonly SharedMaps _maps;
    private readonly CollectorState _state;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private ProgramSet? _programs;
    private ulong _noted;
    private int _quietTurns;

    public CollectorActor(SharedMaps maps, CollectorState state, IActorRef monitor, TimeProvider time)
    {
        _maps = maps;
        _state = state;
        _monitor = monitor;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Name => ProgramSet.NameOf(_state.Concern);

    protected override void PreStart() => Begin();

    protected override void PostStop()
    {
        if (_programs is null) return;
        if (_maps.Pins is null) Blind(_time.GetUtcNow(), "its actor was stopped, and nothing is pinned");
        _programs.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TryAgain:
                Begin();
                break;
            case TellState:
                Sender.Tell(new PartStates([State()]), Self);
                break;
            case TakeCalls:
                _programs?.Watch.TakeCalls(_maps);
                Sender.Tell(new CallsTaken(), Self);
                break;
            case Watch:
                if (_programs is not null && IsDue()) Look(_programs);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>
    /// A look is some twenty system calls, which a host at rest feels. At once it is made when the kernel noted that somebody did
    /// something to the sensor's objects; what leaves no note is found within three turns.
    /// </summary>
    private bool IsDue()
    {
        var noted = _maps.Touches.Noted;
        if (noted == _noted && ++_quietTurns < TurnsALook) return false;
        (_noted, _quietTurns) = (noted, 0);
        return true;
    }

    private void Look(ProgramSet programs)
    {
        var began = BootClock.NowNs;
        if (programs.FindDamage(_maps) is not { } damage)
        {
            _state.LastGoodNs = began;
            return;
        }

        // New programs are attached beside what is left of the old ones, so that what still sees goes on seeing.
        Damaged(damage, _state.LastGoodNs);
        _programs = null;
        Begin();
        programs.Replaced(_maps);
    }

    private void Damaged(ProgramDamage damage, ulong goodNs)
    {
        var touch = damage.IsBlind ? _maps.Touches.FirstSince(goodNs, _state.Concern) : null;
        _monitor.Tell(new SensorTampered(Name, damage.Text, touch), Self);
        if (!damage.IsBlind) return;
        Blind(TimeOf(touch?.TimeNs ?? goodNs), damage.Text);
        _state.Edge = touch is null ? GapEdge.Look : GapEdge.Kernel;
    }

    private void Begin()
    {
        try
        {
            _programs = ProgramSet.Start(_maps, _state.Concern);
        }
        catch (BpfException e) when (_state.Concern != Concern.Process)
        {
            Fail(e);
            return;
        }

        _state.Failures = 0;
        _state.LastGoodNs = _programs.SeesSinceNs;

        // While no sensor ran, its own last call is when all was known to be in its place.
        if (_programs.FoundDamage is { } found && _state.BlindSince is null) Damaged(found, _maps.Touches.PreviousAliveNs);
        foreach (var missing in _programs.Missing.Except(_state.Missing))
            _monitor.Tell(new SensorDegraded(_state.Concern, missing.Program, missing.Reason), Self);
        _state.Missing = _programs.Missing;
        if (_state.BlindSince is { } since)
            _monitor.Tell(new SensorGap($"ebpf/{Name}", since, TimeOf(_programs.SeesSinceNs), _state.Reason, _state.Edge), Self);
        _state.BlindSince = null;
        _state.Edge = GapEdge.Failure;
        Timers.StartPulseTimer(nameof(Watch), new Watch(), WatchInterval);
        Context.Parent.Tell(new CollectorReady(_state.Concern, _programs.TakenOver), Self);
    }

    private void Fail(BpfException e)
    {
        Blind(_time.GetUtcNow(), e.Message);
        if (_state.Failures++ == 0) _monitor.Tell(new SensorDegraded(_state.Concern, "", e.Message), Self);
        var wait = FirstWait * Math.Pow(2, Math.Min(_state.Failures - 1, 10));
        Timers.StartSingleTimer(nameof(TryAgain), new TryAgain(), wait < LongestWait ? wait : LongestWait);
        Context.Parent.Tell(new CollectorFailed(_state.Concern, e.Message), Self);
    }

    private PartState State() => new(
        $"ebpf/{Name}", _state.BlindSince is null ? PartActivity.Working : PartActivity.Waiting, _state.BlindSince,
        _state.BlindSince is null ? "" : _state.Reason,
        [.. _state.Missing.Select(missing => KeyValuePair.Create(missing.Program, missing.Reason))]);

    private void Blind(DateTimeOffset since, string reason)
    {
        _state.BlindSince ??= since;
        _state.Reason = reason;
    }

    private DateTimeOffset TimeOf(ulong bootNs) => _time.GetUtcNow() - TimeSpan.FromTicks((long)(BootClock.NowNs - bootNs) / 100);

    private sealed record TryAgain;

    private sealed record Watch;
}
