using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class LifecycleSpec : KernelSpec
{
    [Fact]
    public void An_actor_starts_handles_and_stops_in_order()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(PoisonPill.Instance);
        probe.Expect("a:PreStart");
        probe.Expect(1);
        probe.Expect(2);
        probe.Expect("a:PostStop");
        probe.ExpectNothing();
    }

    [Fact]
    public void Messages_of_one_sender_arrive_in_order()
    {
        var probe = NewProbe();
        for (var i = 0; i < 10_000; i++) probe.Ref.Tell(i);
        for (var i = 0; i < 10_000; i++) probe.Expect(i);
    }

    [Fact]
    public void A_receiver_never_runs_on_the_senders_stack()
    {
        var probe = NewProbe();
        var inner = Spawn(() => new Scripted(probe.Ref), "inner");
        probe.Expect("inner:PreStart");
        var outer = Spawn(() => new Scripted(probe.Ref), "outer");
        probe.Expect("outer:PreStart");
        using var released = new ManualResetEventSlim();
        outer.Tell(Scripted.Run((_, _) =>
        {
            // Were the receiver run on this stack, the event would never be set.
            inner.Tell(Scripted.Run((_, _) => released.Set()));
            probe.Ref.Tell(released.Wait(TimeSpan.FromSeconds(20)));
        }));
        probe.Expect(true);
    }

    [Fact]
    public void Stop_ends_after_the_current_message_and_the_rest_are_dead_letters()
    {
        var probe = NewProbe();
        var dead = Listen<DeadLetter>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        actor.Tell(Scripted.Run((self, context) =>
        {
            self.Self.Tell("after");
            context.Stop(self.Self);
        }));
        probe.Expect("a:PreStart");
        probe.Expect("a:PostStop");
        var letter = dead.Expect<DeadLetter>();
        Assert.Equal("after", letter.Message);
        Assert.Equal(actor, letter.Recipient);
        Assert.Equal(actor, letter.Sender);
    }

    [Fact]
    public void A_tell_to_a_stopped_actor_is_a_dead_letter_with_its_sender()
    {
        var probe = NewProbe();
        var dead = Listen<DeadLetter>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        Sys.Stop(actor);
        probe.Expect("a:PreStart");
        probe.Expect("a:PostStop");
        probe.Ref.Tell(new Probe.Watch(actor));
        probe.Expect<Terminated>();
        actor.Tell("late", probe.Ref);
        var letter = dead.Expect<DeadLetter>();
        Assert.Equal(("late", probe.Ref, actor), ((string)letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.Expect("p:PreStart");
        var child = probe.Fish<IActorRef>();
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.Fish<IActorRef>();
        probe.Ref.Tell(new Probe.Watch(parent));
        Sys.Stop(parent);
        probe.Fish<string>(s => s == "g:PostStop");
        probe.Fish<string>(s => s == "c:PostStop");
        probe.Fish<string>(s => s == "p:PostStop");
        Assert.Equal(parent, probe.Expect<Terminated>().ActorRef);
    }

    [Fact]
    public async Task A_graceful_stop_ends_a_deep_tree_from_the_leaves_up()
    {
        const int Depth = 20;
        var probe = NewProbe();
        var top = Spawn(() => new Scripted(probe.Ref), "0");
        var at = top;
        for (var i = 1; i < Depth; i++)
        {
            at.Tell(new Scripted.Spawn($"{i}"), probe.Ref);
            at = probe.Fish<IActorRef>();
        }

        at.Tell("leaf");
        probe.Fish<string>(s => s == "leaf");
        Assert.True(await top.GracefulStop(TimeSpan.FromSeconds(20)));
        for (var i = Depth - 1; i >= 0; i--) probe.Expect($"{i}:PostStop");
        probe.ExpectNothing();
    }

    [Fact]
    public void PoisonPill_and_Kill_wait_for_their_turn_and_Stop_does_not()
    {
        var dead = Listen<DeadLetter>();
        foreach (var (end, last) in new (Action<IActorRef>, bool)[]
        {
            (a => a.Tell(PoisonPill.Instance), true), (a => a.Tell(Kill.Instance), true), (a => Sys.Stop(a), false),
        })
        {
            using var gate = new ManualResetEventSlim();
            using var entered = new ManualResetEventSlim();
            var probe = NewProbe();
            var actor = Spawn(() => new Scripted(probe.Ref));
            probe.Fish<string>();
            actor.Tell(Scripted.Run((_, _) =>
            {
                entered.Set();
                gate.Wait(TimeSpan.FromSeconds(20));
            }));
            entered.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            actor.Tell("before");
            end(actor);
            actor.Tell("after");
            gate.Set();
            if (last) probe.Expect("before");
            Assert.EndsWith("PostStop", probe.Expect<string>(), StringComparison.Ordinal);
            if (!last) Assert.Equal("before", dead.Expect<DeadLetter>().Message);
            Assert.Equal("after", dead.Expect<DeadLetter>().Message);
            probe.ExpectNothing();
        }
    }

    [Fact]
    public void A_name_is_taken_until_Terminated_and_free_from_then_on()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        var names = new List<string>();
        parent.Tell(Scripted.Run((self, context) =>
        {
            var first = context.ActorOf(Props.CreateFrom(() => new Scripted(self.To)), "c");
            context.Watch(first);
            context.Stop(first);
            Assert.Throws<InvalidActorNameException>(() => context.ActorOf(Props.CreateFrom(() => new Scripted(self.To)), "c"));
            names.Add("refused");
        }));
        var terminated = probe.Fish<Scripted.Gone>();
        parent.Tell(Scripted.Run((self, context) =>
        {
            var second = context.ActorOf(Props.CreateFrom(() => new Scripted(self.To)), "c");
            self.To.Tell((second.Path == terminated.Who.Path, second.Equals(terminated.Who)));
        }));
        Assert.Equal((true, false), probe.Fish<(bool, bool)>());
        Assert.Equal(["refused"], names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a%2")]
    public void Names_that_a_path_cannot_hold_are_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Empty, name));

    [Fact]
    public void Names_are_unique_among_siblings_and_generated_when_not_given()
    {
        Sys.ActorOf(Props.Empty, "one");
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Empty, "one"));
        var generated = Enumerable.Range(0, 200).Select(_ => Sys.ActorOf(Props.Empty).Path.Name).ToList();
        Assert.Equal(200, generated.Distinct().Count());
        Assert.All(generated, name => Assert.StartsWith("$", name));
    }

    [Fact]
    public void Null_cannot_be_told()
    {
        Assert.Throws<InvalidMessageException>(() => Sys.ActorOf(Props.Empty).Tell(null!));
        Assert.Throws<InvalidMessageException>(() => Sys.DeadLetters.Tell(null!));
    }

    [Fact]
    public void An_actor_cannot_be_made_by_its_constructor() =>
        Assert.Throws<ActorInitializationException>(() => new Scripted(Sys.DeadLetters));

    [Fact]
    public void Unhandled_messages_are_published()
    {
        var unhandled = Listen<UnhandledMessage>();
        var empty = Sys.ActorOf(Props.Empty);
        empty.Tell("x", unhandled.Ref);
        var message = unhandled.Expect<UnhandledMessage>();
        Assert.Equal(("x", unhandled.Ref, empty), ((string)message.Message, message.Sender, message.Recipient));
    }

    [Fact]
    public async Task Terminate_runs_what_was_registered_last_first_and_stops_all()
    {
        var system = ActorSystem.Create("other");
        var order = new List<int>();
        system.RegisterOnTermination(() => order.Add(1));
        system.RegisterOnTermination(() => order.Add(2));
        var actor = system.ActorOf(Props.Empty, "a");
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => system.RegisterOnTermination(() => order.Add(3)));
        Assert.Equal([2, 1], order);
        Assert.True(await actor.WatchAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.Empty));
    }

    [Fact]
    public void The_tree_lists_path_type_mailbox_and_restarts()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.Expect("p:PreStart");
        var child = probe.Fish<IActorRef>();
        child.Tell(new InvalidOperationException("x"));
        probe.Fish<string>(s => s == "c:PostRestart(x)");
        using var gate = new ManualResetEventSlim();
        child.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        probe.Fish<string>(s => s == "in");
        for (var i = 0; i < 7; i++) child.Tell(i);
        var tree = Sys.Tree().ToDictionary(entry => entry.Path.ToStringWithoutAddress());
        gate.Set();
        Assert.Equal((typeof(Scripted), 7, 1), (tree["/user/p/c"].ActorType, tree["/user/p/c"].MailboxLength, tree["/user/p/c"].Restarts));
        Assert.Contains("/", tree.Keys);
        Assert.Contains("/system", tree.Keys);
        Assert.Equal(0, tree["/user/p"].Restarts);
    }
}
