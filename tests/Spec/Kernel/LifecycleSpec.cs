using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class LifecycleSpec : KernelSpec
{
    [Fact]
    public void An_actor_starts_handles_and_stops_in_order()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(PoisonPill.Instance);
        probe.ExpectMsg("a:PreStart");
        probe.ExpectMsg(1);
        probe.ExpectMsg(2);
        probe.ExpectMsg("a:PostStop");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Messages_of_one_sender_arrive_in_order()
    {
        var probe = CreateTestProbe();
        for (var i = 0; i < 10_000; i++) probe.Ref.Tell(i);
        for (var i = 0; i < 10_000; i++) probe.ExpectMsg(i);
    }

    [Fact]
    public void A_receiver_never_runs_on_the_senders_stack()
    {
        var probe = CreateTestProbe();
        var inner = Spawn(() => new Scripted(probe.Ref), "inner");
        probe.ExpectMsg("inner:PreStart");
        var outer = Spawn(() => new Scripted(probe.Ref), "outer");
        probe.ExpectMsg("outer:PreStart");
        using var released = new ManualResetEventSlim();
        outer.Tell(Scripted.Run((_, _) =>
        {
            // Were the receiver run on this stack, the event would never be set.
            inner.Tell(Scripted.Run((_, _) => released.Set()));
            probe.Ref.Tell(released.Wait(TimeSpan.FromSeconds(20)));
        }));
        probe.ExpectMsg(true);
    }

    [Fact]
    public void Stop_ends_after_the_current_message_and_the_rest_are_dead_letters()
    {
        var probe = CreateTestProbe();
        var dead = Listen<DeadLetter>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        actor.Tell(Scripted.Run((self, context) =>
        {
            self.Self.Tell("after");
            context.Stop(self.Self);
        }));
        probe.ExpectMsg("a:PreStart");
        probe.ExpectMsg("a:PostStop");
        var letter = dead.ExpectMsg<DeadLetter>();
        Assert.Equal("after", letter.Message);
        Assert.Equal(actor, letter.Recipient);
        Assert.Equal(actor, letter.Sender);
    }

    [Fact]
    public void What_a_stopped_actor_had_in_its_mailbox_is_dead_letters_in_its_order_with_its_senders()
    {
        var dead = Listen<DeadLetter>();
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        using var gate = new ManualResetEventSlim();
        var actor = Spawn(() => new Scripted(first.Ref), "a");
        first.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        first.ExpectMsg("in");
        for (var i = 0; i < 100; i++) actor.Tell(i, i % 2 == 0 ? first : second);
        Sys.Stop(actor);
        gate.Set();
        for (var i = 0; i < 100; i++)
            Assert.Equal(new DeadLetter(i, i % 2 == 0 ? first.Ref : second.Ref, actor), dead.ExpectMsg<DeadLetter>());
        first.ExpectMsg("a:PostStop");
        first.ExpectNoMsg(0);
    }

    [Fact]
    public void A_tell_to_a_stopped_actor_is_a_dead_letter_with_its_sender()
    {
        var probe = CreateTestProbe();
        var dead = Listen<DeadLetter>();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        Sys.Stop(actor);
        probe.ExpectMsg("a:PreStart");
        probe.ExpectMsg("a:PostStop");
        probe.Watch(actor);
        probe.ExpectMsg<Terminated>();
        actor.Tell("late", probe.Ref);
        var letter = dead.ExpectMsg<DeadLetter>();
        Assert.Equal(("late", probe.Ref, actor), ((string)letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.ExpectMsg("p:PreStart");
        var child = probe.FishForMessage<IActorRef>(_ => true);
        child.Tell(new Scripted.Spawn("g"), probe.Ref);
        probe.FishForMessage<IActorRef>(_ => true);
        probe.Watch(parent);
        Sys.Stop(parent);
        probe.FishForMessage<string>(s => s == "g:PostStop");
        probe.FishForMessage<string>(s => s == "c:PostStop");
        probe.FishForMessage<string>(s => s == "p:PostStop");
        Assert.Equal(parent, probe.ExpectMsg<Terminated>().ActorRef);
    }

    [Fact]
    public async Task A_graceful_stop_ends_a_deep_tree_from_the_leaves_up()
    {
        const int Depth = 20;
        var probe = CreateTestProbe();
        var top = Spawn(() => new Scripted(probe.Ref), "0");
        var at = top;
        for (var i = 1; i < Depth; i++)
        {
            at.Tell(new Scripted.Spawn($"{i}"), probe.Ref);
            at = probe.FishForMessage<IActorRef>(_ => true);
        }

        at.Tell("leaf");
        probe.FishForMessage<string>(s => s == "leaf");
        Assert.True(await top.GracefulStop(TimeSpan.FromSeconds(20)));
        for (var i = Depth - 1; i >= 0; i--) probe.ExpectMsg($"{i}:PostStop");
        probe.ExpectNoMsg(TimeSpan.Zero);
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
            var probe = CreateTestProbe();
            var actor = Spawn(() => new Scripted(probe.Ref));
            probe.FishForMessage<string>(_ => true);
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
            if (last) probe.ExpectMsg("before");
            Assert.EndsWith("PostStop", probe.ExpectMsg<string>(), StringComparison.Ordinal);
            if (!last) Assert.Equal("before", dead.ExpectMsg<DeadLetter>().Message);
            Assert.Equal("after", dead.ExpectMsg<DeadLetter>().Message);
            probe.ExpectNoMsg(TimeSpan.Zero);
        }
    }

    [Fact]
    public void A_name_is_taken_until_Terminated_and_free_from_then_on()
    {
        var probe = CreateTestProbe();
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
        var terminated = probe.FishForMessage<Scripted.Gone>(_ => true);
        parent.Tell(Scripted.Run((self, context) =>
        {
            var second = context.ActorOf(Props.CreateFrom(() => new Scripted(self.To)), "c");
            self.To.Tell((second.Path == terminated.Who.Path, second.Equals(terminated.Who)));
        }));
        Assert.Equal((true, false), probe.FishForMessage<(bool, bool)>(_ => true));
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
        var message = unhandled.ExpectMsg<UnhandledMessage>();
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
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        parent.Tell(new Scripted.Spawn("c"), probe.Ref);
        probe.ExpectMsg("p:PreStart");
        var child = probe.FishForMessage<IActorRef>(_ => true);
        child.Tell(new InvalidOperationException("x"));
        probe.FishForMessage<string>(s => s == "c:PostRestart(x)");
        using var gate = new ManualResetEventSlim();
        child.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        probe.FishForMessage<string>(s => s == "in");
        for (var i = 0; i < 7; i++) child.Tell(i);
        var tree = Sys.Tree().ToDictionary(entry => entry.Path.ToStringWithoutAddress());
        gate.Set();
        Assert.Equal((typeof(Scripted), 7, 1), (tree["/user/p/c"].ActorType, tree["/user/p/c"].MailboxLength, tree["/user/p/c"].Restarts));
        Assert.Contains("/", tree.Keys);
        Assert.Contains("/system", tree.Keys);
        Assert.Equal(0, tree["/user/p"].Restarts);
    }
}
