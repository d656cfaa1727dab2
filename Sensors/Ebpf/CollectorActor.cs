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

    private readonly SharedMaps _maps;
    private readonly CollectorState _state;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private ProgramSet? _programs;

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
            case Watch when _programs?.FindDamage(_maps) is { } damage:
                Replace(_programs, damage);
                break;
            case Watch:
                _state.LastGood = _time.GetUtcNow();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>New programs are attached beside what is left of the old ones, so that what still sees goes on seeing.</summary>
    private void Replace(ProgramSet damaged, ProgramDamage damage)
    {
        _monitor.Tell(new SensorTampered(Name, damage.Text), Self);
        if (damage.IsBlind) Blind(_state.LastGood ?? _time.GetUtcNow(), damage.Text);
        _programs = null;
        Begin();
        damaged.Dispose();
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

        var now = _time.GetUtcNow();
        _state.Failures = 0;
        _state.LastGood = now;
        foreach (var missing in _programs.Missing.Except(_state.Missing))
            _monitor.Tell(new SensorDegraded(_state.Concern, missing.Program, missing.Reason), Self);
        _state.Missing = _programs.Missing;
        if (_state.BlindSince is { } since) _monitor.Tell(new SensorGap($"ebpf/{Name}", since, now, _state.Reason), Self);
        _state.BlindSince = null;
        Timers.StartPeriodicTimer(nameof(Watch), new Watch(), WatchInterval);
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

    private sealed record TryAgain;

    private sealed record Watch;
}
