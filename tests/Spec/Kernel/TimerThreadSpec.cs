using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Picket.Actors;
using Picket.Actors.Dispatch;

namespace Picket.Spec.Kernel;

/// <summary>The kernel's own timers, by the real clock.</summary>
public sealed class TimerThreadSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly TimerThread _timers = new(new WorkerPool("spec-timers", 1));

    /// <summary>Against a sorted list: puts in and takes out by turns, with many of the same moment.</summary>
    [Fact]
    public void The_heap_gives_what_is_due_first_and_of_the_same_moment_what_came_first() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 255)).Resize(60).ToArbitrary(), AgreesWithTwin).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_timer_fires_once_and_not_before_its_time_and_the_earlier_one_first()
    {
        var clock = Stopwatch.StartNew();
        var fired = new List<(string Name, TimeSpan At)>();
        var all = new CountdownEvent(3);
        var timers = new List<ITimer>();
        foreach (var (name, milliseconds) in ((string, int)[])[("late", 60), ("early", 20), ("last", 90)])
        {
            timers.Add(_timers.Create(_ =>
            {
                lock (fired) fired.Add((name, clock.Elapsed));
                all.Signal();
            }, null));
            timers[^1].Change(TimeSpan.FromMilliseconds(milliseconds), Never);
        }

        Assert.True(all.Wait(Limit, TestContext.Current.CancellationToken), $"waited for {all.CurrentCount} timers that did not fire");
        Assert.Equal(["early", "late", "last"], fired.Select(one => one.Name));
        foreach (var (one, milliseconds) in fired.Zip((int[])[20, 60, 90])) Assert.True(one.At.TotalMilliseconds >= milliseconds, $"{one}");
    }

    [Fact]
    public void What_is_changed_or_ended_does_not_fire_as_it_was_told_before()
    {
        var fired = new List<string>();
        var last = new CountdownEvent(1);
        var ended = Make("ended");
        ended.Change(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1));
        var stilled = Make("stilled");
        stilled.Change(TimeSpan.FromMilliseconds(20), Never);
        var sooner = Make("sooner");
        sooner.Change(TimeSpan.FromDays(10_000_000), TimeSpan.MaxValue);
        ended.Dispose();
        Assert.False(ended.Change(TimeSpan.FromMilliseconds(20), Never));
        Assert.True(stilled.Change(Never, Never));
        sooner.Change(TimeSpan.FromMilliseconds(40), Never);
        _timers.Create(_ => last.Signal(), null).Change(TimeSpan.FromMilliseconds(80), Never);
        Assert.True(last.Wait(Limit, TestContext.Current.CancellationToken), "waited for the last timer");
        Assert.Equal(["sooner"], fired);

        ITimer Make(string name) => _timers.Create(_ => { lock (fired) fired.Add(name); }, null);
    }

    [Fact]
    public void A_repeated_timer_keeps_its_beat_however_late_one_firing_is_and_makes_up_for_none()
    {
        var clock = Stopwatch.StartNew();
        var at = new List<double>();
        var enough = new CountdownEvent(10);
        using var timer = _timers.Create(_ =>
        {
            if (enough.IsSet) return;
            at.Add(clock.Elapsed.TotalMilliseconds);
            enough.Signal();
        }, null);
        var started = clock.Elapsed.TotalMilliseconds;
        timer.Change(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        Assert.True(enough.Wait(Limit, TestContext.Current.CancellationToken), $"waited for {enough.CurrentCount} more firings");

        // Each belongs to a beat of its own: one that is late does not move those behind it.
        var beats = at.Select(time => Math.Floor((time - started) / 20)).ToList();
        Assert.True(beats[0] >= 1, $"the first fired at {at[0] - started:0.0} ms");
        Assert.Equal(beats.Distinct().Count(), beats.Count);
        Assert.True(at[^1] - started >= 200 - 1, $"ten firings in {at[^1] - started:0.0} ms");
    }

    /// <summary>What is due is run by a worker: one that blocks in its turn holds up no timer.</summary>
    [Fact]
    public void A_callback_that_does_not_end_holds_up_no_other_moment()
    {
        var release = new ManualResetEventSlim();
        var ran = new CountdownEvent(1);
        _timers.Create(_ => release.Wait(TestContext.Current.CancellationToken), null).Change(TimeSpan.Zero, Never);
        _timers.Create(_ => ran.Signal(), null).Change(TimeSpan.FromMilliseconds(20), Never);
        try
        {
            Assert.True(ran.Wait(Limit, TestContext.Current.CancellationToken), "waited for a timer behind one that blocks");
        }
        finally
        {
            release.Set();
        }
    }

    /// <summary>The heartbeat of a node must not depend on what others do with the runtime's threads.</summary>
    [Fact]
    public void The_schedulers_timers_need_no_thread_of_the_runtimes_pool()
    {
        using var system = ActorSystem.Create("timers");
        var release = new ManualResetEventSlim();
        var fired = new CountdownEvent(3);
        ThreadPool.GetMaxThreads(out var most, out var ports);
        var blocked = new CountdownEvent(1);
        var waiting = 0;
        try
        {
            // The pool may have no more threads than block already, and what is queued behind them shows that none is free.
            ThreadPool.GetMinThreads(out var least, out _);
            Assert.True(ThreadPool.SetMaxThreads(Math.Max(least, ThreadPool.ThreadCount + 1), ports));
            ThreadPool.GetMaxThreads(out var now, out _);
            for (; waiting < now * 2; waiting++) ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
            ThreadPool.UnsafeQueueUserWorkItem(_ => blocked.Signal(), null);
            system.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(5), () => fired.Signal());
            system.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5), () =>
            {
                if (!fired.IsSet) fired.Signal();
            });
            Assert.True(fired.Wait(Limit, CancellationToken.None), $"waited for {fired.CurrentCount} firings while the runtime's pool was blocked");
            Assert.False(blocked.IsSet, "the pool was not blocked");
        }
        finally
        {
            ThreadPool.SetMaxThreads(most, ports);
            release.Set();
        }
    }

    private bool AgreesWithTwin(int[] choices)
    {
        var heap = new TimerHeap();
        var twin = new List<TimerEntry>();
        foreach (var choice in choices)
        {
            if (choice % 4 == 0 && twin.Count > 0)
            {
                var one = twin[choice / 4 % twin.Count];
                Assert.True(heap.Remove(one));
                Assert.False(heap.Remove(one));
                twin.Remove(one);
            }
            else
            {
                var entry = new TimerEntry(_timers, static _ => { }, null);
                heap.Add(entry, choice / 4 % 8);
                twin.Add(entry);
            }

            Assert.Equal(twin.Count, heap.Count);
            if (twin.Count > 0) Assert.Same(twin.MinBy(entry => entry.Due), heap.First);
        }

        foreach (var entry in twin.OrderBy(entry => entry.Due))
        {
            Assert.Same(entry, heap.First);
            Assert.True(heap.Remove(heap.First));
        }

        return heap.Count == 0;
    }
}
