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

    private static SensorTouched Attach(int pid, ulong timeNs) => new(EventKind.Ptrace, "PTRACE_ATTACH", null, new ProcessKey(1, pid), timeNs);
}
