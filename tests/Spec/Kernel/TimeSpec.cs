using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class TimeSpec : KernelSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time;

    public TimeSpec() : this(new ManualTime())
    {
    }

    private TimeSpec(ManualTime time) : base(new ActorSystemOptions { TimeProvider = time }) => _time = time;

    [Fact]
    public void ScheduleTellOnce_tells_once_and_not_early()
    {
        var probe = CreateTestProbe();
        Sys.Scheduler.ScheduleTellOnce(Second, probe.Ref, "x", ActorRefs.NoSender);
        _time.Advance(Second * 0.9);
        probe.ExpectNoMsg(0);
        _time.Advance(Second);
        probe.ExpectMsg("x");
        _time.Advance(Second * 10);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void ScheduleTellRepeatedly_tells_until_cancelled()
    {
        var probe = CreateTestProbe();
        var cancel = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second * 2, probe.Ref, "x", ActorRefs.NoSender);
        _time.Advance(Second * 5);
        for (var i = 0; i < 3; i++) probe.ExpectMsg("x");
        probe.ExpectNoMsg(0);
        cancel.Cancel();
        _time.Advance(Second * 5);
        probe.ExpectNoMsg(0);
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void A_cancelable_follows_the_last_delay_that_it_was_given()
    {
        using var cancelable = new Cancelable(Sys.Scheduler, Second);
        cancelable.CancelAfter(Second * 3);
        _time.Advance(Second * 2);
        Assert.False(cancelable.IsCancellationRequested);
        cancelable.CancelAfter(Timeout.InfiniteTimeSpan);
        _time.Advance(Second * 5);
        Assert.False(cancelable.IsCancellationRequested);
        cancelable.CancelAfter(Second);
        _time.Advance(Second);
        Assert.True(cancelable.IsCancellationRequested);
        new Cancelable(Sys.Scheduler, Second).Dispose();
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void Actions_run_and_what_they_throw_does_not_end_the_process()
    {
        var ran = 0;
        Sys.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, Second, () =>
        {
            ran++;
            throw new InvalidOperationException("each time");
        });
        _time.Advance(Second * 2);
        Assert.Equal(3, ran);
    }

    [Fact]
    public void Timers_are_single_periodic_replaced_and_cancelled()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartPeriodicTimer("p", "p", Second));
        Run(actor, t => t.StartSingleTimer("s", "s", Second * 1.5));
        _time.Advance(Second * 2);
        probe.ExpectMsg("p");
        probe.ExpectMsg("s");
        probe.ExpectMsg("p");
        Run(actor, t => Assert.Equal((true, false), (t.IsTimerActive("p"), t.IsTimerActive("s"))));
        Run(actor, t => t.StartSingleTimer("p", "replaced", Second));
        _time.Advance(Second * 3);
        probe.ExpectMsg("replaced");
        Run(actor, t => t.StartSingleTimer("c", "cancelled", Second));
        Run(actor, t => t.Cancel("c"));
        Assert.Equal(0, _time.Pending);
        _time.Advance(Second * 3);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Pulse_timers_of_one_interval_fall_together_on_its_multiples_and_share_one_timer()
    {
        var probe = CreateTestProbe();
        var (first, second) = (Spawn(() => new Timed(probe.Ref)), Spawn(() => new Timed(probe.Ref)));
        _time.Advance(Second * 0.25);
        Run(first, t => t.StartPulseTimer("p", "first", Second));
        _time.Advance(Second * 0.5);
        Run(second, t => t.StartPulseTimer("p", "second", Second));
        Assert.Equal(1, _time.Pending);
        _time.Advance(Second * 0.2);
        probe.ExpectNoMsg(0);
        _time.Advance(Second * 0.05);
        Assert.Equal(["first", "second"], new[] { (string)probe.ReceiveOne()!, (string)probe.ReceiveOne()! }.Order());
        Run(first, t => t.Cancel("p"));
        _time.Advance(Second);
        probe.ExpectMsg("second");
        Sys.Stop(second);
        AwaitCondition(() => _time.Pending == 0, message: "the last of them is gone, and its timer with it");
        _time.Advance(Second * 2);
        probe.ExpectNoMsg(0);

        // The next one starts it anew, on the same multiples.
        _time.Advance(Second * 0.6);
        Run(first, t => t.StartPulseTimer("p", "again", Second));
        _time.Advance(Second * 0.4);
        probe.ExpectMsg("again");
    }

    [Fact]
    public void A_timer_message_in_the_mailbox_is_void_once_its_timer_is_cancelled()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartSingleTimer("s", "late", Second));
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource();
        actor.Tell((Action<ITimerScheduler>)(timers =>
        {
            inside.SetResult();
            gate.Wait(TimeSpan.FromSeconds(20));
            timers.Cancel("s");
        }));
        AwaitCondition(() => inside.Task.IsCompleted, message: "the handler ran");
        _time.Advance(Second * 2);
        gate.Set();
        actor.Tell("end");
        probe.ExpectMsg("end");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Timers_die_with_their_incarnation()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartPeriodicTimer("p", "p", Second));
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("restarted");
        probe.ExpectMsg("restarted");
        _time.Advance(Second * 5);
        probe.ExpectNoMsg(0);
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void A_timer_message_that_waits_in_the_mailbox_during_a_restart_does_not_arrive()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartSingleTimer("s", "late", Second));
        Run(actor, t => t.StartPeriodicTimer("p", "late again", Second));
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource();
        actor.Tell((Action<ITimerScheduler>)(_ =>
        {
            inside.SetResult();
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        AwaitCondition(() => inside.Task.IsCompleted, message: "the handler ran");
        actor.Tell(new InvalidOperationException("boom"));
        _time.Advance(Second * 3);
        gate.Set();
        actor.Tell("end");
        probe.ExpectMsg("end");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Timers_of_an_instance_that_never_came_to_be_end_with_it()
    {
        Watch(Spawn(() => new TimedAndFails()));
        ExpectMsg<Terminated>();
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void ReceiveTimeout_comes_when_idle_again_and_again_and_not_while_busy()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        for (var i = 0; i < 4; i++)
        {
            actor.Tell(i);
            probe.ExpectMsg(i);
            Settle(actor);
            _time.Advance(Second * 0.6);
        }

        _time.Advance(Second * 0.6);
        probe.ExpectMsg<ReceiveTimeout>();
        _time.Advance(Second * 1.1);
        probe.ExpectMsg<ReceiveTimeout>();
        actor.Tell(Scripted.Run((self, context) =>
        {
            context.SetReceiveTimeout(null);
            self.To.Tell("off");
        }));
        probe.FishForMessage<string>(s => s == "off");
        _time.Advance(Second * 10);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Messages_that_do_not_influence_the_receive_timeout_do_not()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        actor.Tell("begin");
        probe.ExpectMsg("begin");
        Settle(actor);
        _time.Advance(Second * 0.9);
        actor.Tell(new Quiet());
        probe.ExpectMsg<Quiet>();
        _time.Advance(Second * 0.2);
        probe.ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public async Task Only_user_messages_put_the_receive_timeout_off()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        actor.Tell("begin");
        probe.ExpectMsg("begin");
        Settle(actor);
        _time.Advance(Second * 0.9);
        probe.Watch(actor);
        Assert.Equal(actor, (await actor.Ask<ActorIdentity>(new Identify(1), TestContext.Current.CancellationToken)).Subject);
        _time.Advance(Second * 0.2);
        probe.ExpectMsg<ReceiveTimeout>();
    }

    /// <summary>What the actor was told before is handled to the end: the time of it is noted, too. Does not count as activity itself.</summary>
    private static void Settle(IActorRef actor) => actor.Ask<ActorIdentity>(new Identify(0), TestContext.Current.CancellationToken).Wait(
        TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Ask_times_out_by_the_systems_clock()
    {
        var ask = Sys.ActorOf(Props.Empty).Ask<int>("x", Second, TestContext.Current.CancellationToken);
        _time.Advance(Second * 0.9);
        Assert.False(ask.IsCompleted);
        _time.Advance(Second * 0.2);
        await Assert.ThrowsAsync<AskTimeoutException>(() => ask);
    }

    [Fact]
    public async Task An_answer_after_the_time_out_is_a_dead_letter()
    {
        var dead = Listen<DeadLetter>();
        var probe = CreateTestProbe();
        var ask = probe.Ref.Ask<string>("question", Second, TestContext.Current.CancellationToken);
        probe.ExpectMsg("question");
        _time.Advance(Second * 2);
        await Assert.ThrowsAsync<AskTimeoutException>(() => ask);
        probe.Reply("late");
        var letter = dead.ExpectMsg<DeadLetter>();
        Assert.Equal(("late", probe.Sender), ((string)letter.Message, letter.Recipient));
    }

    [Fact]
    public void Restarts_count_within_their_window_and_one_too_many_stops()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(2, Second * 10, _ => Directive.Restart)), "p");
        probe.ExpectMsg("p:PreStart");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        var child = probe.FishForMessage<IActorRef>(_ => true);
        probe.Watch(child);

        // Two in the first window, two in the next, of which the third is one too many.
        foreach (var after in new[] { 0, 9, 2, 1 })
        {
            _time.Advance(Second * after);
            child.Tell(new InvalidOperationException("boom"));
            probe.FishForMessage<string>(s => s == "c:PostRestart(boom)");
            probe.ExpectMsg("c:PreStart");
        }

        child.Tell(new InvalidOperationException("boom"));
        probe.ExpectMsg("c:PostStop");
        probe.ExpectTerminated(child);
    }

    [Fact]
    public void The_uptime_is_of_the_systems_clock()
    {
        _time.Advance(Second * 7);
        Assert.Equal(Second * 7, Sys.Uptime);
    }

    private static void Run(IActorRef actor, Action<ITimerScheduler> action)
    {
        Assert.Equal("done", actor.Ask<object>(action).Result);
    }

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    private sealed class TimedAndFails : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartPeriodicTimer("p", "p", Second);
            throw new InvalidOperationException("no");
        }

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Timed(IActorRef to) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> action:
                    action(Timers);
                    Sender.Tell("done");
                    break;
                case Exception e:
                    throw e;
                default:
                    to.Tell(message);
                    break;
            }
        }
    }
}
