using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.Pattern;

namespace Picket.Spec.Kernel;

public sealed class BackoffSpec : KernelSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time;

    public BackoffSpec() : this(new ManualTime())
    {
    }

    private BackoffSpec(ManualTime time) : base(new ActorSystemOptions { TimeProvider = time }) => _time = time;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Waits_double_up_to_the_longest(bool onFailure)
    {
        var probe = CreateTestProbe();
        var child = Props.CreateFrom(() => new Scripted(probe.Ref));
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(onFailure
            ? Backoff.OnFailure(child, "c", Second, Second * 4, 0).WithManualReset()
            : Backoff.OnStop(child, "c", Second, Second * 4, 0).WithManualReset()));
        object end = onFailure ? new InvalidOperationException("boom") : PoisonPill.Instance;
        probe.ExpectMsg("c:PreStart");
        foreach (var wait in new[] { 1, 2, 4, 4 })
        {
            Child(supervisor)!.Tell(end);
            probe.ExpectMsg("c:PostStop");
            AwaitCondition(() => _time.Pending == 1, message: "the wait began");
            _time.Advance(Second * (wait - 0.1));
            Assert.Null(Child(supervisor));
            _time.Advance(Second * 0.2);
            probe.ExpectMsg("c:PreStart");
        }

        Assert.Equal(4, Count(supervisor));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        Assert.Equal(0, Count(supervisor));
        supervisor.Tell("passed on", probe.Ref);
        probe.ExpectMsg("passed on");
    }

    [Fact]
    public void A_child_that_stays_well_resets_the_count()
    {
        var probe = CreateTestProbe();
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(
            Backoff.OnStop(Props.CreateFrom(() => new Scripted(probe.Ref)), "c", Second, Second * 60, 0).WithAutoReset(Second * 5)));
        probe.ExpectMsg("c:PreStart");
        Child(supervisor)!.Tell(PoisonPill.Instance);
        probe.ExpectMsg("c:PostStop");
        AwaitCondition(() => _time.Pending == 1, message: "the wait began");
        _time.Advance(Second);
        probe.ExpectMsg("c:PreStart");
        Assert.Equal(1, Count(supervisor));
        AwaitCondition(() => _time.Pending == 1, message: "the reset was scheduled");
        _time.Advance(Second * 6);
        Assert.Equal(0, Count(supervisor));
    }

    [Fact]
    public void Too_many_ends_end_the_supervisor()
    {
        var probe = CreateTestProbe();
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(
            Backoff.OnStop(Props.CreateFrom(() => new Scripted(probe.Ref)), "c", Second, Second, 0).WithManualReset().WithMaxNrOfRetries(1)));
        var watcher = CreateTestProbe();
        watcher.Watch(supervisor);
        probe.ExpectMsg("c:PreStart");
        Child(supervisor)!.Tell(PoisonPill.Instance);
        probe.ExpectMsg("c:PostStop");
        AwaitCondition(() => _time.Pending == 1, message: "the wait began");
        _time.Advance(Second);
        probe.ExpectMsg("c:PreStart");
        Child(supervisor)!.Tell(PoisonPill.Instance);
        watcher.ExpectMsg<Terminated>();
    }

    [Fact]
    public void On_failure_an_end_that_is_no_failure_ends_the_supervisor()
    {
        var probe = CreateTestProbe();
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(
            Backoff.OnFailure(Props.CreateFrom(() => new Scripted(probe.Ref)), "c", Second, Second, 0)));
        probe.ExpectMsg("c:PreStart");
        probe.Watch(supervisor);
        Child(supervisor)!.Tell(PoisonPill.Instance);
        probe.ExpectMsg("c:PostStop");
        probe.ExpectMsg<Terminated>();
    }

    [Fact]
    public void While_it_waits_it_answers_or_gives_to_dead_letters_and_leases_go_back()
    {
        var probe = CreateTestProbe();
        var ledger = new LeaseLedger();
        var options = Backoff.OnStop(Props.CreateFrom(() => new Scripted(probe.Ref)), "c", Second, Second, 0);
        foreach (var reply in new[] { true, false })
        {
            var dead = Listen<DeadLetter>();
            var supervisor = Sys.ActorOf(BackoffSupervisor.Props(reply ? options.WithReplyWhileStopped("later") : options));
            probe.ExpectMsg("c:PreStart");
            supervisor.Tell(TestLease.From(ledger));
            probe.ExpectMsg<TestLease>();
            Child(supervisor)!.Tell(PoisonPill.Instance);
            probe.ExpectMsg("c:PostStop");
            AwaitCondition(() => Child(supervisor) is null, message: "the child ended");
            supervisor.Tell(TestLease.From(ledger), probe.Ref);
            if (reply) probe.ExpectMsg("later");
            else Assert.IsType<TestLease>(dead.ExpectMsg<DeadLetter>().Message);
            Sys.EventStream.Unsubscribe(dead.Ref);
        }
    }

    private static IActorRef? Child(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance).Result.Ref;

    private static int Count(IActorRef supervisor) =>
        supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance).Result.Count;
}
