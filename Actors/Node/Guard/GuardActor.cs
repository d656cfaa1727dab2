using System.ComponentModel;
using System.Globalization;
using Picket.Actors;
using Picket.Detection.Alerts;

namespace Picket.Node.Guard;

/// <summary>
/// /guard: starts the guard's process, feeds it the heartbeat, says when it ends and starts the next. Each beat is an answer of /self,
/// so that it shows that timers run, that actors have their turns, and that the one through which the node speaks has its own.
/// </summary>
internal sealed class GuardActor : UntypedActor, IWithTimers
{
    /// <summary>
    /// A guard that has not read all at so many beats in a row is itself stopped, frozen or hung; one that starts may take its time.
    /// </summary>
    private const int MostBehind = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);

    private readonly GuardState _state;
    private readonly IActorRef _monitor;

    public GuardActor(GuardState state, IActorRef monitor)
    {
        _state = state;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_state.Program is null)
        {
            const string Why = "this system has no /proc, or the program is not where it was built";
            _state.Report = new GuardReport("off", 0, 0, Why);
            Tell("guard-off", "The node has no guard", AlertLevel.Low, $"nobody notices when the node is stopped or killed: {Why}", []);
            return;
        }

        Timers.StartPulseTimer(nameof(Tick), new Tick(), Interval);
        if (_state.Child is null) Start();
    }

    /// <summary>The guard is kept: it watches on while this actor begins anew.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    /// <summary>The node stops in order.</summary>
    protected override void PostStop() => _state.Child?.Farewell();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick when _state.Child is { } child:
                _state.Behind = child.Unread > 0 ? _state.Behind + 1 : 0;
                if (_state.Behind == MostBehind)
                {
                    _state.Fault = $"it read no heartbeat for {Text(MostBehind)} s";
                    child.Kill();
                }

                _monitor.Tell(new Identify(null), Self);
                break;
            case Tick:
                break;
            case ActorIdentity:
                _state.Child?.Beat();
                break;
            case GuardEnded ended when ended.Pid == _state.Child?.Pid:
                Ended(_state.Child, ended.Status);
                break;
            case GuardEnded:
                break;
            case StartAgain when _state.Child is null:
                Start();
                break;
            case StartAgain:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ended(GuardChild child, int status)
    {
        if (_state.Time.GetElapsedTime(child.Started) > LongestBackOff) _state.Failures = 0;
        var how = _state.Fault.Length > 0 ? $"was ended by the node, since {_state.Fault}"
            : status > 128 ? $"was killed by signal {Text(status - 128)}{NodeProcess.NameOf(status - 128)}"
            : $"ended with status {Text(status)}";
        _state.Child = null;
        _state.Fault = "";
        _state.Behind = 0;
        _state.Ended++;
        child.Dispose();
        var wait = BackOff();
        Tell("guard-ended", "The node's guard ended", AlertLevel.High,
            $"the node's guard, process {Text(child.Pid)}, {how}, as the node noticed; the next is started in {wait.TotalSeconds:0} s",
            [new("guard-pid", child.Pid), new("status", status), new("how", how), new("noticed-by", "node")]);
        Again(wait, $"the last one {how}");
    }

    private void Start()
    {
        try
        {
            var self = Self;
            _state.Expect();
            var child = GuardChild.Start(_state.Program!, _state.Setup, _state.Time.GetTimestamp(),
                ended => self.Tell(ended, ActorRefs.NoSender));
            _state.Child = child;
            _state.Report = new GuardReport("watching", child.Pid, _state.Ended, "");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            _state.Child = null;
            if (_state.Failures == 0)
                Tell("guard-missing", "The node's guard cannot be started", AlertLevel.Medium, $"{_state.Program}: {e.Message}", []);
            Again(BackOff(), e.Message);
        }
    }

    private TimeSpan BackOff() =>
        TimeSpan.FromTicks(Math.Min(LongestBackOff.Ticks, Interval.Ticks << Math.Min(_state.Failures++, 10)));

    private void Again(TimeSpan wait, string why)
    {
        _state.Report = new GuardReport("waiting", 0, _state.Ended, why);
        Timers.StartSingleTimer(nameof(StartAgain), new StartAgain(), wait);
    }

    private void Tell(string name, string title, AlertLevel level, string message, IReadOnlyList<NoticeDetail> details) =>
        _monitor.Tell(new Notice(name, title, level, message, details), Self);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Tick;

    private sealed record StartAgain;
}
