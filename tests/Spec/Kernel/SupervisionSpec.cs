using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class SupervisionSpec : KernelSpec
{
    private static readonly InvalidOperationException Boom = new("boom");

    private (Probe Probe, IActorRef Parent, IActorRef Child) Family(SupervisorStrategy strategy)
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref, strategy), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.Expect("p:PreStart");
        IActorRef? child = null;
        var started = false;
        while (child is null || !started)
        {
            if (probe.Expect<object>() is IActorRef made) child = made;
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
        probe.Expect("c:PreRestart(boom,InvalidOperationException)");
        probe.Expect("c:PostStop");
        probe.Expect("c:PostRestart(boom)");
        probe.Expect("c:PreStart");
        probe.Expect("kept");
        probe.Expect(1);
        probe.ExpectNothing();
    }

    [Fact]
    public void A_failing_message_that_PreRestart_sends_again_is_handled_after_those_that_wait()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new SecondTimeLucky(probe.Ref));
        actor.Tell("first", probe.Ref);
        actor.Tell("waiting", probe.Ref);
        probe.Expect("waiting");
        probe.Expect("first");
        Assert.Equal(probe.Ref, probe.LastSender);
        Assert.Equal(1, Sys.Tree().Single(e => e.Path == actor.Path).Restarts);
    }

    [Fact]
    public void By_default_the_children_are_told_to_stop_in_PreRestart_and_have_ended_before_PostRestart()
    {
        var (probe, parent, child) = Family(new OneForOneStrategy(_ => Directive.Restart));
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.Fish<IActorRef>();
        child.Tell(Boom);
        var order = new List<string>();
        while (order.LastOrDefault() != "c:PreStart") order.Add(probe.Fish<string>());
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
        probe.Expect(41);
        probe.ExpectNothing();
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var (probe, _, child) = Family(SupervisorStrategy.StoppingStrategy);
        probe.Ref.Tell(new Probe.Watch(child));
        child.Tell(Boom);
        probe.Expect("c:PostStop");
        Assert.Equal(child, probe.Expect<Terminated>().ActorRef);
    }

    [Fact]
    public void Escalate_makes_the_parent_fail_with_the_same_cause()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Escalate));
        child.Tell(Boom);

        // The child ends with its parent's restart.
        Assert.Equal("p:PreRestart(boom,)", probe.Fish<string>(s => s.StartsWith("p:", StringComparison.Ordinal)));
        var rest = new HashSet<string> { probe.Expect<string>(), probe.Expect<string>() };
        Assert.Equal(["c:PostStop", "p:PostStop"], rest.Order());
        probe.Expect("p:PostRestart(boom)");
        probe.Expect("p:PreStart");
    }

    [Fact]
    public void A_count_of_restarts_is_never_exceeded()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(2, Timeout.InfiniteTimeSpan, _ => Directive.Restart));
        probe.Ref.Tell(new Probe.Watch(child));
        for (var i = 0; i < 3; i++) child.Tell(Boom);
        var said = new List<string>();
        while (true)
        {
            if (probe.Expect<object>() is not string s) break;
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
        var sibling = probe.Fish<IActorRef>();
        sibling.Tell(Scripted.Run((self, _) => self.State = 9));
        sibling.Tell("before");
        probe.Fish<string>(s => s == "before");
        child.Tell(Boom);
        var restarted = new HashSet<string>();
        while (restarted.Count < 2)
        {
            restarted.Add(probe.Fish<string>(s => s.Contains("PostRestart", StringComparison.Ordinal)));
        }

        Assert.Equal(["c:PostRestart(boom)", "d:PostRestart(boom)"], restarted.Order());
        sibling.Tell(Scripted.Run((self, _) => self.To.Tell(self.State)));
        Assert.Equal(0, probe.Fish<int>());
    }

    [Fact]
    public void A_child_that_cannot_be_made_is_stopped_by_default()
    {
        var errors = Listen<Error>();
        var probe = NewProbe();
        var child = Spawn(() => throw Boom, "broken");
        probe.Ref.Tell(new Probe.Watch(child));
        probe.Expect<Terminated>();
        var error = errors.Expect<Error>();
        Assert.Same(Boom, Assert.IsType<ActorInitializationException>(error.Cause).InnerException);
        Assert.Equal("boom", error.Message);
    }

    [Fact]
    public void A_child_whose_constructor_failed_can_be_made_again()
    {
        var probe = NewProbe();
        var tries = 0;
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(_ => Directive.Restart)), "p");
        parent.Tell(Scripted.Run((self, context) => context.ActorOf(
            Props.CreateFrom(() => ++tries < 3 ? throw Boom : new Scripted(self.To)), "c").Tell("first")));
        probe.Expect("p:PreStart");
        probe.Expect("c:PreStart");
        probe.Expect("first");
        Assert.Equal(3, tries);
    }

    [Fact]
    public void Kill_is_a_failure_that_stops_by_default()
    {
        var probe = NewProbe();
        var errors = Listen<Error>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Ref.Tell(new Probe.Watch(actor));
        actor.Tell(Kill.Instance);
        probe.Expect("a:PreStart");
        probe.Expect("a:PostStop");
        probe.Expect<Terminated>();
        Assert.IsType<ActorKilledException>(errors.Expect<Error>().Cause);
    }

    [Fact]
    public void Children_survive_a_restart_whose_PreRestart_does_not_call_base()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new KeepsChildren(probe.Ref), "k");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        var child = probe.Fish<IActorRef>();
        parent.Tell(Boom);

        // It lives on under the same ref, renewed with its parent.
        probe.Fish<string>(s => s == "c:PostRestart(boom)");
        parent.Tell(Scripted.Run((self, context) => self.To.Tell(context.Child("c"))));
        Assert.Equal(child, probe.Fish<IActorRef>());
    }

    [Fact]
    public void Children_stop_before_the_new_incarnation_is_made()
    {
        var (probe, parent, child) = Family(SupervisorStrategy.DefaultStrategy);
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.Fish<IActorRef>();
        parent.Tell(Boom);
        probe.Fish<string>(s => s == "g:PostStop");
        probe.Fish<string>(s => s == "c:PostStop");
        probe.Fish<string>(s => s == "p:PostRestart(boom)");
        parent.Tell(Scripted.Run((self, context) => self.To.Tell(context.GetChildren().Count())));
        Assert.Equal(0, probe.Fish<int>());
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
        probe.Fish<string>(s => s == "p:PostRestart(decider)");
    }

    [Fact]
    public void PostRestart_that_throws_is_a_failure_of_its_own()
    {
        var probe = NewProbe();
        var errors = Listen<Error>();
        var actor = Spawn(() => new FailsAfterRestart(probe.Ref), "f");
        probe.Ref.Tell(new Probe.Watch(actor));
        actor.Tell(Boom);
        probe.Fish<Terminated>();
        var cause = errors.Fish<Error>(e => e.Cause is PostRestartException).Cause;
        Assert.Same(Boom, Assert.IsType<PostRestartException>(cause).OriginalCause);
    }

    [Fact]
    public void Many_failures_in_a_row_lose_no_other_message()
    {
        var (probe, _, child) = Family(new OneForOneStrategy(_ => Directive.Resume));
        for (var i = 0; i < 2000; i++) child.Tell(i % 10 == 0 ? Boom : i);
        for (var i = 0; i < 2000; i++)
        {
            if (i % 10 != 0) probe.Expect(i);
        }
    }

    private sealed class KeepsChildren(IActorRef to) : Scripted(to)
    {
        protected override void PreRestart(Exception reason, object? message) => Say("kept");
    }

    private sealed class FailsAfterRestart(IActorRef to) : Scripted(to)
    {
        protected override void PostRestart(Exception reason) => throw new ArithmeticException("again");
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
            if (!_again) throw new InvalidOperationException("boom");
            to.Tell(message, Sender);
        }
    }
}
