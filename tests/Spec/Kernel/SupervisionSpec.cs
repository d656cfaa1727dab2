using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.TestKit;
using Picket.Spec.Kernel.Model;

namespace Picket.Spec.Kernel;

public sealed class SupervisionSpec : KernelSpec
{
    private static readonly InvalidOperationException Boom = new("boom");

    private (TestProbe Probe, IActorRef Parent, IActorRef Child) Family(SupervisorStrategy strategy)
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref, strategy), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.ExpectMsg("p:PreStart");
        IActorRef? child = null;
        var started = false;
        while (child is null || !started)
        {
            if (probe.ExpectMsg<object>() is IActorRef made) child = made;
            else started = true;
        }

        return (probe, parent, child);
    }

    [Fact]
    public void Restart_drops_the_failing_message_keeps_the_mailbox_and_renews_the_instance()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Restart));
        child.Tell(Scripted.Run((self, _) => self.State = 41));
        child.Tell(Boom);
        child.Tell("kept");
        child.Tell(Scripted.Run((self, _) => self.To.Tell(self.State)));
        probe.ExpectMsg("c:PreRestart(boom,InvalidOperationException)");
        probe.ExpectMsg("c:PostStop");
        probe.ExpectMsg("c:PostRestart(boom)");
        probe.ExpectMsg("c:PreStart");
        probe.ExpectMsg("kept");
        probe.ExpectMsg(1);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void A_failing_message_that_PreRestart_sends_again_is_handled_after_those_that_wait()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new SecondTimeLucky(probe.Ref));
        using var gate = new ManualResetEventSlim();
        actor.Tell(gate, probe.Ref);
        actor.Tell("first", probe.Ref);
        actor.Tell("waiting", probe.Ref);
        gate.Set();
        probe.ExpectMsg("waiting");
        probe.ExpectMsg("first");
        Assert.Equal(probe.Ref, probe.LastSender);
        Assert.Equal(1, Sys.Tree().Single(e => e.Path == actor.Path).Restarts);
    }

    [Fact]
    public void By_default_the_children_are_told_to_stop_in_PreRestart_and_have_ended_before_PostRestart()
    {
        var (probe, parent, child) = Family(new OneForOneStrategy(_ => Directive.Restart));
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.FishForMessage<IActorRef>(_ => true);
        child.Tell(Boom);
        var order = new List<string>();
        while (order.LastOrDefault() != "c:PreStart") order.Add(probe.FishForMessage<string>(_ => true));
        order.Remove("g:PreStart");
        Assert.Equal(["c:PreRestart(boom,InvalidOperationException)", "c:PostStop"], order.Where(s => s.StartsWith("c:P", StringComparison.Ordinal)).Take(2));
        Assert.InRange(order.IndexOf("g:PostStop"), order.IndexOf("c:PreRestart(boom,InvalidOperationException)"), order.IndexOf("c:PostRestart(boom)"));
        Assert.NotNull(parent);
    }

    [Fact]
    public void Resume_keeps_the_instance_and_its_state()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Resume));
        child.Tell(Scripted.Run((self, _) => self.State = 41));
        child.Tell(Boom);
        child.Tell(Scripted.Run((self, _) => self.To.Tell(self.State)));
        probe.ExpectMsg(41);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var (probe, _, child) = Family(SupervisorStrategy.StoppingStrategy);
        probe.Watch(child);
        child.Tell(Boom);
        probe.ExpectMsg("c:PostStop");
        Assert.Equal(child, probe.ExpectMsg<Terminated>().ActorRef);
    }

    [Fact]
    public void Escalate_makes_the_parent_fail_with_the_same_cause()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Escalate));
        child.Tell(Boom);

        // The child ends with its parent's restart.
        Assert.Equal("p:PreRestart(boom,)", probe.FishForMessage<string>(s => s.StartsWith("p:", StringComparison.Ordinal)));
        var rest = new HashSet<string> { probe.ExpectMsg<string>(), probe.ExpectMsg<string>() };
        Assert.Equal(["c:PostStop", "p:PostStop"], rest.Order());
        probe.ExpectMsg("p:PostRestart(boom)");
        probe.ExpectMsg("p:PreStart");
    }

    [Fact]
    public void A_count_of_restarts_is_never_exceeded()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(2, Timeout.InfiniteTimeSpan, _ => Directive.Restart));
        probe.Watch(child);
        for (var i = 0; i < 3; i++) child.Tell(Boom);
        var said = new List<string>();
        while (true)
        {
            if (probe.ExpectMsg<object>() is not string s) break;
            said.Add(s);
        }

        Assert.Equal(2, said.Count(s => s == "c:PostRestart(boom)"));
        Assert.Equal("c:PostStop", said[^1]);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        var (probe, parent, child) = Family(new AllForOneStrategy(_ => Directive.Restart));
        parent.Tell(new Scripted.Spawn("d"), probe.Ref);
        var sibling = probe.FishForMessage<IActorRef>(_ => true);
        sibling.Tell(Scripted.Run((self, _) => self.State = 9));
        sibling.Tell("before");
        probe.FishForMessage<string>(s => s == "before");
        child.Tell(Boom);
        var restarted = new HashSet<string>();
        while (restarted.Count < 2)
        {
            restarted.Add(probe.FishForMessage<string>(s => s.Contains("PostRestart", StringComparison.Ordinal)));
        }

        Assert.Equal(["c:PostRestart(boom)", "d:PostRestart(boom)"], restarted.Order());
        sibling.Tell(Scripted.Run((self, _) => self.To.Tell(self.State)));
        Assert.Equal(0, probe.FishForMessage<int>(_ => true));
    }

    [Fact]
    public void Kill_is_a_failure_that_stops_by_default()
    {
        var probe = CreateTestProbe();
        var errors = Listen<Error>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Watch(actor);
        actor.Tell(Kill.Instance);
        probe.ExpectMsg("a:PreStart");
        probe.ExpectMsg("a:PostStop");
        probe.ExpectMsg<Terminated>();
        Assert.IsType<ActorKilledException>(errors.ExpectMsg<Error>().Cause);
    }

    [Fact]
    public void Children_survive_a_restart_whose_PreRestart_does_not_call_base()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new KeepsChildren(probe.Ref), "k");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        var child = probe.FishForMessage<IActorRef>(_ => true);
        parent.Tell(Boom);

        // It lives on under the same ref, renewed with its parent.
        probe.FishForMessage<string>(s => s == "c:PostRestart(boom)");
        parent.Tell(Scripted.Run((self, context) => self.To.Tell(context.Child("c"))));
        Assert.Equal(child, probe.FishForMessage<IActorRef>(_ => true));
    }

    [Fact]
    public void Children_stop_before_the_new_incarnation_is_made()
    {
        var (probe, parent, child) = Family(SupervisorStrategy.DefaultStrategy);
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.FishForMessage<IActorRef>(_ => true);
        parent.Tell(Boom);
        probe.FishForMessage<string>(s => s == "g:PostStop");
        probe.FishForMessage<string>(s => s == "c:PostStop");
        probe.FishForMessage<string>(s => s == "p:PostRestart(boom)");
        parent.Tell(Scripted.Run((self, context) => self.To.Tell(context.GetChildren().Count())));
        Assert.Equal(0, probe.FishForMessage<int>(_ => true));
    }

    [Fact]
    public async Task What_the_guardian_escalates_ends_the_system_and_not_the_process()
    {
        var system = ActorSystem.Create("root", new ActorSystemOptions
        {
            StandardErrorLevel = null,
            GuardianStrategy = new OneForOneStrategy(_ => Directive.Escalate),
        });
        var actor = system.ActorOf(Props.CreateFrom(() => new Scripted(ActorRefs.Nobody)));
        actor.Tell(Boom);
        await system.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_decider_that_throws_fails_the_supervisor()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => throw new ArithmeticException("decider")));
        child.Tell(Boom);
        probe.FishForMessage<string>(s => s == "p:PostRestart(decider)");
    }

    [Fact]
    public void PostRestart_that_throws_is_a_failure_of_its_own()
    {
        var probe = CreateTestProbe();
        var errors = Listen<Error>();
        var actor = Spawn(() => new FailsAfterRestart(probe.Ref, () => true), "f");
        probe.Watch(actor);
        actor.Tell(Boom);
        probe.FishForMessage<Terminated>(_ => true);
        var cause = errors.FishForMessage<Error>(e => e.Cause is PostRestartException).Cause;
        Assert.Same(Boom, Assert.IsType<PostRestartException>(cause).OriginalCause);
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public void An_instance_whose_PostRestart_failed_is_itself_restarted_also_where_it_was_to_be_resumed(Directive directive)
    {
        var probe = CreateTestProbe();
        var fails = 1;
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(e => e is PostRestartException ? directive : Directive.Restart)), "p");
        parent.Tell(Scripted.Run((self, context) =>
            context.ActorOf(Props.CreateFrom(() => new FailsAfterRestart(self.To, () => fails-- > 0)), "f").Tell(Boom)));
        probe.ExpectMsg("p:PreStart");
        probe.ExpectMsg("f:PreStart");
        probe.ExpectMsg("f:PreRestart(boom,InvalidOperationException)");
        probe.ExpectMsg("f:PostStop");
        Assert.StartsWith("f:PreRestart(", probe.ExpectMsg<string>());
        probe.ExpectMsg("f:PostStop");
        Assert.StartsWith("f:PostRestart(", probe.ExpectMsg<string>());
        probe.ExpectMsg("f:PreStart");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void An_instance_whose_PostRestart_failed_is_stopped_with_PostStop()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new FailsAfterRestart(probe.Ref, () => true), "f");
        probe.Watch(actor);
        actor.Tell(Boom);
        probe.ExpectMsg("f:PreStart");
        probe.ExpectMsg("f:PreRestart(boom,InvalidOperationException)");
        probe.ExpectMsg("f:PostStop");
        probe.ExpectMsg("f:PostStop");
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public void Children_of_an_instance_whose_PostRestart_failed_handle_nothing()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var steps = new StepDispatcher(10, seed);
            var system = ActorSystem.Create("steps", new ActorSystemOptions { StandardErrorLevel = null, DefaultDispatcher = steps });
            var handled = new List<object>();
            var actor = system.ActorOf(Props.CreateFrom(() => new BearsAndFails(handled)));
            actor.Tell(Boom);
            steps.Run();
            Assert.Empty(handled);
            var ended = system.Terminate();
            steps.Run();
            Assert.True(ended.IsCompleted);
        }
    }

    [Fact]
    public void Many_failures_in_a_row_lose_no_other_message()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Resume));
        for (var i = 0; i < 2000; i++) child.Tell(i % 10 == 0 ? Boom : i);
        for (var i = 0; i < 2000; i++)
        {
            if (i % 10 != 0) probe.ExpectMsg(i);
        }
    }

    private sealed class KeepsChildren(IActorRef to) : Scripted(to)
    {
        protected override void PreRestart(Exception reason, object? message) => Say("kept");
    }

    private sealed class FailsAfterRestart(IActorRef to, Func<bool> fails) : Scripted(to)
    {
        protected override void PostRestart(Exception reason)
        {
            if (fails()) throw new ArithmeticException("again");
            base.PostRestart(reason);
        }
    }

    private sealed class BearsAndFails(List<object> handled) : UntypedActor
    {
        protected override void PostRestart(Exception reason)
        {
            Context.ActorOf(Props.CreateFrom(() => new Notes(handled))).Tell("x");
            throw new ArithmeticException("again");
        }

        protected override void OnReceive(object message) => throw (Exception)message;
    }

    private sealed class Notes(List<object> handled) : UntypedActor
    {
        protected override void OnReceive(object message) => handled.Add(message);
    }

    /// <summary>Fails at the first message that it ever gets, and sends it again when it is restarted.</summary>
    private sealed class SecondTimeLucky(IActorRef to) : UntypedActor
    {
        private bool _again;

        protected override void PreRestart(Exception reason, object message)
        {
            Self.Forward(message);
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason) => _again = true;

        protected override void OnReceive(object message)
        {
            if (message is ManualResetEventSlim gate)
            {
                gate.Wait();
                return;
            }

            if (!_again) throw new InvalidOperationException("boom");
            to.Tell(message, Sender);
        }
    }
}
