using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Node.Self;
using Picket.Sensors.Ebpf;
using Picket.Spec.Journal;

namespace Picket.Spec.Live;

public sealed class RepeatBookTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();
    private readonly RepeatBook _book;

    public RepeatBookTests() => _book = new RepeatBook(Window, _clock);

    [Fact]
    public void The_first_is_said_at_once_and_what_follows_once_when_the_window_is_over()
    {
        var now = BootClock.NowNs;
        Assert.True(_book.Add(Attach(7, now)));
        for (var i = 1; i < 25; i++) Assert.False(_book.Add(Attach(7, now + (ulong)i * 1_000_000)));
        _clock.Advance(Window - TimeSpan.FromSeconds(1));
        Assert.Empty(_book.Due());
        _clock.Advance(TimeSpan.FromSeconds(1));
        var again = Assert.Single(_book.Due());
        Assert.Equal(24, again.Count);
        Assert.Equal(23, (again.To - again.From).TotalMilliseconds, 0.01);
        Assert.Empty(_book.Due());

        // The next window was empty: what comes then is the first again.
        _clock.Advance(Window);
        Assert.Empty(_book.Due());
        Assert.True(_book.Add(Attach(7, now)));
    }

    [Fact]
    public void Behind_a_window_without_any_the_next_is_the_first_again_also_before_anybody_looked()
    {
        Assert.True(_book.Add(Attach(7, 1)));
        _clock.Advance(Window);
        Assert.True(_book.Add(Attach(7, 2)));
        Assert.False(_book.Add(Attach(7, 3)));
    }

    [Fact]
    public void What_goes_on_is_one_word_a_window()
    {
        Assert.True(_book.Add(Attach(7, 1)));
        var said = 0;
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 1000; i++) Assert.False(_book.Add(Attach(7, 2)));
            _clock.Advance(TimeSpan.FromSeconds(1));
            said += _book.Due().Count;
        }

        Assert.Equal(6, said);
    }

    [Fact]
    public void Another_process_act_kind_or_target_is_said_at_once()
    {
        var touched = Attach(7, 1);
        SensorTouched[] all =
        [
            touched, touched with { Detail = "PTRACE_SEIZE" }, touched with { Kind = EventKind.Kill }, touched with { Guard = 9 },
            touched with { Key = new ProcessKey(1, 8) }, touched with { Key = new ProcessKey(2, 7) },
        ];
        Assert.All(all, one => Assert.True(_book.Add(one)));
        Assert.All(all, one => Assert.False(_book.Add(one)));
        Assert.Equal(all, _book.Rest().Select(again => again.Last));
        Assert.Empty(_book.Rest());
    }

    [Fact]
    public void Who_makes_too_many_to_be_told_apart_has_each_of_them_said()
    {
        for (var pid = 1; pid <= RepeatBook.MostEntries + 10; pid++) Assert.True(_book.Add(Attach(pid, 1)));
        Assert.True(_book.Add(Attach(RepeatBook.MostEntries + 1, 1)));
        Assert.False(_book.Add(Attach(1, 1)));
        _clock.Advance(Window);
        Assert.Single(_book.Due());
        Assert.True(_book.Add(Attach(RepeatBook.MostEntries + 1, 1)));
        Assert.False(_book.Add(Attach(RepeatBook.MostEntries + 1, 1)));
    }

    [Fact]
    public void Whatever_is_done_each_act_is_said_or_counted()
    {
        Prop.ForAll<List<(byte, byte, bool)>>(steps =>
        {
            var clock = new ManualClock();
            var book = new RepeatBook(Window, clock);
            var (done, said) = (0L, 0L);
            foreach (var (pid, seconds, looks) in steps)
            {
                done++;
                if (book.Add(Attach(pid % 3, 1))) said++;
                clock.Advance(TimeSpan.FromSeconds(seconds % 8));
                if (looks) said += book.Due().Sum(again => again.Count);
            }

            Assert.Equal(done, said + book.Rest().Sum(again => again.Count));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void An_ordinary_stop_is_one_word_whatever_else_of_it_reaches_the_node_and_its_guard(int by)
    {
        foreach (var guardFirst in (bool[])[false, true])
        {
            var touches = Over(parent: 40);
            SensorTouched[] node = [Sent("SIGTERM", by), Sent("SIGCONT", by)], guard = [Sent("SIGTERM", by, 9), Sent("SIGCONT", by, 9)];
            var notice = Assert.Single(((IEnumerable<SensorTouched>)(guardFirst ? [.. guard, .. node] : [.. node, .. guard])).Select(touches.Take), said => said is not null)!;
            Assert.Equal("node-stopped", notice.Name);
            Assert.Contains($"process {by}, ", notice.Message, StringComparison.Ordinal);
            _clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Empty(touches.Due());
            Assert.Empty(touches.Rest());
        }
    }

    [Fact]
    public void Anybody_else_s_and_what_reaches_the_guard_alone_is_a_touch()
    {
        var touches = Over(parent: 40);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGTERM", 41))!.Name);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGTERM", 41, 9))!.Name);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGKILL", 40))!.Name);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGCONT", 40))!.Name);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGCONT", 40, 9))!.Name);
        Assert.Null(touches.Take(Sent("SIGTERM", 40, 9)));
        Assert.Empty(touches.Due());
        _clock.Advance(StopOrder.HoldFor);
        Assert.Contains("the sensor's guard, process 9", Assert.Single(touches.Due()).Message, StringComparison.Ordinal);
        Assert.Null(touches.Take(Sent("SIGTERM", 1, 9)));
        Assert.Single(touches.Rest());

        // Who stops it twice is counted.
        Assert.Equal("node-stopped", touches.Take(Sent("SIGTERM", 40))!.Name);
        Assert.Null(touches.Take(Sent("SIGTERM", 40)));
        var again = Assert.Single(touches.Rest());
        Assert.Contains(again.Details, detail => detail is { Name: "repeated", Number: 1 });
    }

    [Fact]
    public void The_rest_of_a_stop_is_its_sender_s_and_comes_soon()
    {
        var touches = Over(parent: 40);
        Assert.Equal("node-stopped", touches.Take(Sent("SIGTERM", 40))!.Name);
        Assert.Null(touches.Take(Sent("SIGCONT", 40)));
        _clock.Advance(StopOrder.Within);
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGCONT", 40))!.Name);

        // Another's is an order of its own.
        Assert.Equal("node-stopped", touches.Take(Sent("SIGTERM", 1))!.Name);
    }

    [Fact]
    public void What_another_sends_to_the_guard_behind_an_order_is_waited_for_on_its_own()
    {
        var touches = Over(parent: 40);
        Assert.Equal("node-stopped", touches.Take(Sent("SIGTERM", 40))!.Name);
        Assert.Null(touches.Take(Sent("SIGTERM", 1, 9)));
        Assert.Single(touches.Rest());
    }

    [Fact]
    public void Few_are_held_and_those_beyond_are_said_at_once_and_counted()
    {
        var touches = Over(parent: 40);
        for (var i = 0; i < 4; i++) Assert.Null(touches.Take(Sent("SIGTERM", 40, 9)));
        Assert.Equal("sensor-touched", touches.Take(Sent("SIGTERM", 40, 9))!.Name);

        // Those that were held are the same again, and not said once more each.
        var again = Assert.Single(touches.Rest());
        Assert.Contains(again.Details, detail => detail is { Name: "repeated", Number: 4 });
    }

    private Touches Over(int parent) => new(new StopOrder(() => parent, _clock), new RepeatBook(Window, _clock));

    private static SensorTouched Attach(int pid, ulong timeNs) => new(EventKind.Ptrace, "PTRACE_ATTACH", null, new ProcessKey(1, pid), timeNs);

    private static SensorTouched Sent(string signal, int by, int guard = 0) => new(EventKind.Kill, signal, null, new ProcessKey(1, by), 1, guard);
}
