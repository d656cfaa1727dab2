using Picket.Actors;

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
        var probe = NewProbe();
        Sys.Scheduler.ScheduleTellOnce(Second, probe.Ref, "x", ActorRefs.NoSender);
        _time.Advance(Second * 0.9);
        probe.ExpectNothing();
        _time.Advance(Second);
        probe.Expect("x");
        _time.Advance(Second * 10);
        probe.ExpectNothing();
    }

    [Fact]
    public void ScheduleTellRepeatedly_tells_until_cancelled()
    {
        var probe = NewProbe();
        var cancel = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second * 2, probe.Ref, "x", ActorRefs.NoSender);
        _time.Advance(Second * 5);
        for (var i = 0; i < 3; i++) probe.Expect("x");
        probe.ExpectNothing();
        cancel.Cancel();
        _time.Advance(Second * 5);
        probe.ExpectNothing();
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
        var probe = NewProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartPeriodicTimer("p", "p", Second));
        Run(actor, t => t.StartSingleTimer("s", "s", Second * 1.5));
        _time.Advance(Second * 2);
        probe.Expect("p");
        probe.Expect("s");
        probe.Expect("p");
        Run(actor, t => Assert.Equal((true, false), (t.IsTimerActive("p"), t.IsTimerActive("s"))));
        Run(actor, t => t.StartSingleTimer("p", "replaced", Second));
        _time.Advance(Second * 3);
        probe.Expect("replaced");
        Run(actor, t => t.StartSingleTimer("c", "cancelled", Second));
        Run(actor, t => t.Cancel("c"));
        _time.Advance(Second * 3);
        probe.ExpectNothing();
    }

    [Fact]
    public void A_timer_message_in_the_mailbox_is_void_once_its_timer_is_cancelled()
    {
        var probe = NewProbe();
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
        Probe.Await(() => inside.Task.IsCompleted, "the handler ran");
        _time.Advance(Second * 2);
        gate.Set();
        actor.Tell("end");
        probe.Expect("end");
        probe.ExpectNothing();
    }

    [Fact]
    public void Timers_die_with_their_incarnation()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Timed(probe.Ref));
        Run(actor, t => t.StartPeriodicTimer("p", "p", Second));
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("restarted");
        probe.Expect("restarted");
        _time.Advance(Second * 5);
        probe.ExpectNothing();
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void ReceiveTimeout_comes_when_idle_again_and_again_and_not_while_busy()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Expect("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        for (var i = 0; i < 4; i++)
        {
            actor.Tell(i);
            probe.Expect(i);
            _time.Advance(Second * 0.6);
        }

        _time.Advance(Second * 0.6);
        probe.Expect<ReceiveTimeout>();
        _time.Advance(Second * 1.1);
        probe.Expect<ReceiveTimeout>();
        actor.Tell(Scripted.Run((self, context) =>
        {
            context.SetReceiveTimeout(null);
            self.To.Tell("off");
        }));
        probe.Fish<string>(s => s == "off");
        _time.Advance(Second * 10);
        probe.ExpectNothing();
    }

    [Fact]
    public void Messages_that_do_not_influence_the_receive_timeout_do_not()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Expect("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        actor.Tell("begin");
        probe.Expect("begin");
        _time.Advance(Second * 0.9);
        actor.Tell(new Quiet());
        probe.Expect<Quiet>();
        _time.Advance(Second * 0.2);
        probe.Expect<ReceiveTimeout>();
    }

    [Fact]
    public async Task Only_user_messages_put_the_receive_timeout_off()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Expect("a:PreStart");
        actor.Tell(Scripted.Run((_, context) => context.SetReceiveTimeout(Second)));
        actor.Tell("begin");
        probe.Expect("begin");
        _time.Advance(Second * 0.9);
        probe.Ref.Tell(new Probe.Watch(actor));
        Assert.Equal(actor, (await actor.Ask<ActorIdentity>(new Identify(1), TestContext.Current.CancellationToken)).Subject);
        _time.Advance(Second * 0.2);
        probe.Expect<ReceiveTimeout>();
    }

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
