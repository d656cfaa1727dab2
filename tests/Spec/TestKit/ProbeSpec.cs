using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

public sealed class ProbeSpec : KitSpec
{
    [Fact]
    public void A_probe_sends_replies_and_forwards()
    {
        var first = CreateTestProbe("first");
        var second = CreateTestProbe("second");
        first.Send(second.Ref, "question");
        second.ExpectMsg("question");
        Assert.Equal(first.Ref, second.Sender);
        second.Reply("answer");
        first.ExpectMsgFrom(second.Ref, "answer");
        var third = CreateTestProbe();
        second.Forward(third.Ref);
        third.ExpectMsgFrom(first.Ref, "question");
        second.Forward(third.Ref, "other");
        third.ExpectMsgFrom(first.Ref, "other");
        Assert.Throws<InvalidOperationException>(() => CreateTestProbe().Forward(third.Ref));
    }

    [Fact]
    public void A_probe_is_a_ref()
    {
        var probe = CreateTestProbe();
        IActorRef asRef = probe;
        asRef.Tell("x", TestActor);
        probe.ExpectMsgFrom(TestActor, "x");
        Echo().Tell("back", probe);
        probe.ExpectMsg("back");
        Assert.True(asRef.Equals(probe.Ref));
        Assert.True(probe.Ref.Equals(asRef));
        Assert.Equal(probe.Ref.GetHashCode(), probe.GetHashCode());
        Assert.Equal(0, asRef.CompareTo(probe.Ref));
        Assert.Equal(probe.Ref.Path, asRef.Path);
    }

    [Fact]
    public async Task A_probe_is_watched_stopped_asked_and_subscribed_as_any_ref_is()
    {
        var (subject, other) = (CreateTestProbe(), CreateTestProbe());
        Watch(subject);
        Watch(other);
        Unwatch(other);
        subject.SetAutoPilot(new DelegateAutoPilot((sender, _) =>
        {
            sender.Tell("answer", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));
        Assert.Equal("answer", await subject.Ask<string>("question", TestContext.Current.CancellationToken));
        Assert.True(Sys.EventStream.Subscribe<int>(subject));
        Sys.EventStream.Publish(7);
        subject.ExpectMsg("question");
        subject.ExpectMsg<int>(7);
        var watching = subject.WatchAsync(TestContext.Current.CancellationToken);
        Sys.Stop(other);
        Sys.Stop(subject);
        var terminated = ExpectMsg<Terminated>();
        Assert.True(terminated.ActorRef.Equals(subject));
        Assert.Equal(subject.Ref, terminated.ActorRef);
        Assert.True(await watching);
        AwaitCondition(() => !Sys.EventStream.Unsubscribe(subject), message: "the event stream forgot the probe");
        ExpectNoMsg(0);
    }

    [Fact]
    public async Task A_probe_is_stopped_by_an_actors_context_and_by_GracefulStop()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        ActorOf(Props.CreateFrom(static () => new Stopper())).Tell(first, ActorRefs.NoSender);
        Assert.True(await first.WatchAsync(TestContext.Current.CancellationToken));
        Assert.True(await second.GracefulStop(TimeSpan.FromSeconds(20)));
        ExpectTerminated(Watch(second));
    }

    [Fact]
    public void Probes_with_one_name_are_two()
    {
        Assert.NotEqual(CreateTestProbe("p").Ref, CreateTestProbe("p").Ref);
        using var other = ActorSystem.Create("other");
        var there = CreateTestProbe(other);
        there.Ref.Tell("x", ActorRefs.NoSender);
        there.ExpectMsg("x");
    }

    [Fact]
    public void A_pilot_answers_until_it_gives_way()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re {message}", ActorRefs.NoSender);
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (var text in new[] { "a", "last", "unanswered" }) probe.Ref.Tell(text);
        ExpectMsg("re a");
        ExpectMsg("re last");
        probe.ExpectMsgAllOf("a", "last", "unanswered");
        ExpectNoMsg(0);
    }

    [Fact]
    public void Tell_in_a_test_has_the_test_actor_as_its_sender()
    {
        Echo().Tell("implicit");
        ExpectMsg("implicit");
        Sys.ActorSelection(Echo().Path).Tell("selected");
        ExpectMsg("selected");
    }

    [Fact]
    public async Task The_sender_stays_after_an_await()
    {
        await Task.Yield();
        Echo().Tell("implicit");
        await ExpectMsgAsync("implicit");
    }

    [Theory]
    [InlineData("default-dispatcher")]
    [InlineData("pinned")]
    public void Inside_of_an_actor_Tell_has_the_actor_as_its_sender(string dispatcher)
    {
        var actor = ActorOf(Props.CreateFrom(() => new Teller(TestActor)).WithDispatcher(dispatcher));
        actor.Tell("go");
        ExpectMsgFrom(actor, "go");
    }

    [Fact]
    public void Children_of_the_test_actor_are_stopped_or_supervised_as_said()
    {
        var child = Watch(ChildActorOf(Props.CreateFrom(() => new Teller(TestActor)), "c"));
        Assert.Equal(TestActor.Path, child.Path.Parent);
        child.Tell(new InvalidOperationException("boom"));
        ExpectTerminated(child);
        var resumed = ChildActorOf(Props.CreateFrom(() => new Teller(TestActor)), null, new OneForOneStrategy(_ => Directive.Resume));
        resumed.Tell(new InvalidOperationException("boom"));
        resumed.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void A_shutdown_stops_the_system_and_says_when_it_cannot()
    {
        using var kit = new Actors.TestKit.TestKit(ActorSystem.Create("brief"));
        kit.Shutdown();
        Assert.True(kit.Sys.WhenTerminated.IsCompletedSuccessfully);
        using var gate = new ManualResetEventSlim();
        using var stuck = new Actors.TestKit.TestKit("stuck", new ActorSystemOptions { StandardErrorLevel = null });
        stuck.ActorOf(Props.CreateFrom(() => new Blocked(gate)), "blocked").Tell("block");
        stuck.ExpectMsg("in");
        Says(Assert.Throws<TimeoutException>(() => stuck.Shutdown(Soon, verifySystemShutdown: true)).Message, "stuck", "/user/blocked");
        gate.Set();
    }

    [Fact]
    public void Settings_come_from_the_configuration()
    {
        using var kit = new Actors.TestKit.TestKit("akka.test { single-expect-default = 7s, timefactor = 2, filter-leeway = 1s }");
        Assert.Equal(TimeSpan.FromSeconds(14), kit.RemainingOrDefault);
        Assert.Equal(TimeSpan.FromSeconds(1), kit.TestKitSettings.TestEventFilterLeeway);
        Assert.Equal(TimeSpan.FromMilliseconds(100), kit.TestKitSettings.ExpectNoMsgDefault);
    }

    private sealed class Stopper : UntypedActor
    {
        protected override void OnReceive(object message) => Context.Stop((IActorRef)message);
    }

    private sealed class Teller(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Exception e) throw e;
            to.Tell(message);
        }
    }

    private sealed class Blocked(ManualResetEventSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Sender.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }
    }
}
