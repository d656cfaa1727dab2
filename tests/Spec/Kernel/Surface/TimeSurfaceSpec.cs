using Picket.Actors;

namespace Picket.Spec.Kernel.Surface;

/// <summary>The scheduler, cancelables, timers and receive time-outs.</summary>
public sealed class TimeSurfaceSpec : SurfaceSpec
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    private sealed class Ticking : ReceiveActor, IWithTimers
    {
        public Ticking(IActorRef to)
        {
            Receive<string>(s => s == "start", _ =>
            {
                Timers.StartSingleTimer("single", "once", Soon);
                Timers.StartPeriodicTimer("late", "never", Late);
                Timers.StartPeriodicTimer("later", "never", Late, Late, Self);
                Timers.StartPeriodicTimer("latest", "never", Late, ActorRefs.Nobody);
                Timers.StartSingleTimer("sender", "by sender", Late, Self);
                Assert.True(Timers.IsTimerActive("late"));
                Assert.Equal(5, Timers.ActiveTimers.Count);
                Timers.Cancel("late");
                Assert.False(Timers.IsTimerActive("late"));
            });
            Receive<string>(s =>
            {
                to.Tell($"{s} {Sender.Equals(Context.System.DeadLetters)}");
                Timers.CancelAll();
                SetReceiveTimeout(Soon);
            });
            Receive<ReceiveTimeout>(_ =>
            {
                SetReceiveTimeout(null);
                to.Tell("idle");
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    [Fact]
    public async Task Timers_and_receive_time_outs_come()
    {
        var inbox = Inbox(out var mail);
        Sys.ActorOf(Props.Create(() => new Ticking(inbox))).Tell("start");
        await mail.Next("once True", "idle");
    }

    [Fact]
    public async Task Messages_are_scheduled_in_every_form()
    {
        var inbox = Inbox(out var mail);
        IScheduler scheduler = Sys.Scheduler;
        scheduler.ScheduleTellOnce(Soon, inbox, 1, ActorRefs.NoSender);
        await mail.Next(1);
        scheduler.ScheduleTellOnce(1, inbox, 2, ActorRefs.NoSender);
        await mail.Next(2);
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(Soon, Soon, inbox, 3, inbox, cancelable);
        await mail.Next(3, 3);
        cancelable.Cancel();
        ICancelable[] all =
        [
            scheduler.ScheduleTellOnceCancelable(Late, inbox, 0, inbox),
            scheduler.ScheduleTellOnceCancelable(3_600_000, inbox, 0, inbox),
            scheduler.ScheduleTellRepeatedlyCancelable(Late, Late, inbox, 0, inbox),
            scheduler.ScheduleTellRepeatedlyCancelable(3_600_000, 1, inbox, 0, inbox),
        ];
        foreach (var each in all)
        {
            each.Cancel();
            Assert.True(each.IsCancellationRequested);
        }

        Assert.True(scheduler.MonotonicClock <= scheduler.HighResMonotonicClock);
        Assert.True(scheduler.Now > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Actions_are_scheduled_in_every_form()
    {
        var inbox = Inbox(out var mail);
        IAdvancedScheduler scheduler = Sys.Scheduler.Advanced;
        scheduler.ScheduleOnce(Soon, () => inbox.Tell(1));
        await mail.Next(1);
        scheduler.ScheduleOnce(1, () => inbox.Tell(2));
        await mail.Next(2);
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleRepeatedly(1, 1, () => inbox.Tell(3), cancelable);
        await mail.Next(3, 3);
        cancelable.Cancel();
        ICancelable[] all =
        [
            scheduler.ScheduleOnceCancelable(Late, () => { }), scheduler.ScheduleOnceCancelable(3_600_000, () => { }),
            scheduler.ScheduleRepeatedlyCancelable(Late, Late, () => { }), scheduler.ScheduleRepeatedlyCancelable(3_600_000, 1, () => { }),
        ];
        foreach (var each in all) each.CancelIfNotNull();
        Assert.All(all, each => Assert.True(each.Token.IsCancellationRequested));
    }

    [Fact]
    public async Task Cancelables_are_linked_and_time_out()
    {
        var scheduler = Sys.Scheduler;
        using var one = new Cancelable(scheduler);
        using var two = new Cancelable(scheduler.Advanced, Late);
        using var three = new Cancelable(scheduler, 3_600_000);
        var linked = Cancelable.CreateLinkedCancelable(scheduler, one, two, three);
        var byToken = Cancelable.CreateLinkedCancelable(scheduler.Advanced, linked.Token);
        var ended = new TaskCompletionSource();
        byToken.Token.Register(ended.SetResult);
        one.CancelAfter(1);
        await ended.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(linked.IsCancellationRequested);
        Assert.False(two.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().IsCancellationRequested);
        Assert.False(one.IsDisposed);
    }
}
