using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Node.Self;
using Picket.Sensors.Ebpf;
using Picket.Spec.Journal;

namespace Picket.Spec.Live;

public sealed class StandstillTests
{
    private readonly ManualClock _clock = new();
    private readonly Standstill _still;

    public StandstillTests() => _still = new Standstill(TimeSpan.FromSeconds(4), _clock);

    [Fact]
    public void A_tick_that_comes_much_too_late_is_said_at_the_next()
    {
        for (var i = 0; i < 5; i++) Assert.Null(Tick(3));
        var from = _clock.GetUtcNow();
        Assert.Null(Tick(60));
        var to = _clock.GetUtcNow();
        var notice = Tick(1)!;
        Assert.Equal("node-stopped", notice.Name);
        Assert.Contains($"from {from:yyyy-MM-ddTHH:mm:ss.fff}Z to {to:yyyy-MM-ddTHH:mm:ss.fff}Z, as the node noticed by its own clock", notice.Message, StringComparison.Ordinal);
        Assert.Null(Tick(1));
    }

    [Fact]
    public void Signals_tell_both_times_and_the_sender_and_the_late_tick_says_it_no_second_time()
    {
        var still = new Standstill(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        Assert.Empty(still.Tick());
        var (from, to) = (BootClock.NowNs, BootClock.NowNs + 5_000_000_000);
        Assert.Null(still.Signal(Sent("SIGSTOP", from, 7)));
        Assert.Null(still.Signal(Sent("SIGURG", from + 1, 8)));
        var notice = still.Signal(Sent("SIGCONT", to, 9))!;
        Assert.Contains("by SIGSTOP from a process (7)", notice.Message, StringComparison.Ordinal);
        Assert.Null(still.Signal(Sent("SIGCONT", to + 1, 9)));
        SpinWait.SpinUntil(() => BootClock.NowNs > from + 2_000_000);
        Assert.Empty(still.Tick());
        Assert.Empty(still.Tick());
    }

    [Fact]
    public void A_stop_of_the_guard_is_none_of_the_node()
    {
        Assert.Null(_still.Signal(Sent("SIGSTOP", 1, 7, 4711)));
        Assert.Null(_still.Signal(Sent("SIGCONT", 2, 7, 4711)));
        Assert.Null(_still.Signal(Sent("SIGSTOP", 3, 7)));
        Assert.Null(_still.Signal(Sent("SIGCONT", 4, 7, 4711)));
        Assert.NotNull(_still.Signal(Sent("SIGCONT", 5, 7)));
    }

    private static SensorTouched Sent(string signal, ulong timeNs, int pid, int guard = 0) =>
        new(EventKind.Kill, signal, null, new ProcessKey(1, pid), timeNs, guard);

    [Fact]
    public void A_storm_of_short_stops_is_said_once_at_once_and_then_in_one_word_a_window_and_a_long_stop_at_once()
    {
        var now = BootClock.NowNs;
        Assert.Empty(_still.Tick());
        Assert.NotNull(Stop(0, 5));
        for (var i = 1; i <= 500; i++) Assert.Null(Stop(i * 10, 5));
        Assert.Null(Tick(4));
        Assert.NotNull(Stop(6000, 1500));
        for (var i = 0; i < 8; i++) Assert.Null(Tick(1));
        Assert.Null(Stop(15000, 5));
        var more = Tick(2)!;
        Assert.Contains("was stopped 501 more times", more.Message, StringComparison.Ordinal);
        Assert.Contains(more.Details, detail => detail is { Name: "held-ms", Number: 2505 });
        Assert.Null(Tick(3));
        Assert.Null(Stop(20000, 5));
        Assert.Contains("1 more time ", Assert.Single(_still.Rest()).Message, StringComparison.Ordinal);
        Assert.Empty(_still.Rest());
        for (var i = 0; i < 4; i++) Assert.Null(Tick(3));
        Assert.NotNull(Stop(40000, 5));

        Picket.Detection.Alerts.Notice? Stop(int ms, int heldMs)
        {
            var at = now + (ulong)ms * 1_000_000;
            Assert.Null(_still.Signal(Sent("SIGSTOP", at, 7)));
            return _still.Signal(Sent("SIGCONT", at + (ulong)heldMs * 1_000_000, 7));
        }
    }

    private Picket.Detection.Alerts.Notice? Tick(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return _still.Tick().SingleOrDefault();
    }
}
