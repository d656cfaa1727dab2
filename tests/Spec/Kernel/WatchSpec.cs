using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class WatchSpec : KernelSpec
{
    [Fact]
    public void One_watch_gives_one_Terminated_with_the_dead_as_sender()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Empty);
        for (var i = 0; i < 3; i++) probe.Watch(actor);
        Sys.Stop(actor);
        var terminated = probe.ExpectMsg<Terminated>();
        Assert.Equal(actor, terminated.ActorRef);
        Assert.Equal(actor, probe.LastSender);
        Assert.True(terminated.ExistenceConfirmed);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public async Task A_watch_of_the_dead_answers_each_time()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Empty);
        await actor.GracefulStop(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 2; i++)
        {
            probe.Watch(actor);
            Assert.True(probe.ExpectMsg<Terminated>().ExistenceConfirmed);
        }
    }

    [Fact]
    public void A_watch_of_the_unknown_answers_without_confirming()
    {
        var probe = CreateTestProbe();
        probe.Watch(Sys.DeadLetters);
        Assert.False(probe.ExpectMsg<Terminated>().ExistenceConfirmed);
        probe.Watch(ActorRefs.Nobody);
        Assert.False(probe.ExpectMsg<Terminated>().ExistenceConfirmed);
    }

    [Fact]
    public void A_watch_of_a_path_where_nobody_lives_answers_without_confirming()
    {
        var dead = Listen<DeadLetter>();
        var probe = CreateTestProbe();
        Sys.ActorSelection("/user/nobody/there").Tell("x");
        var nowhere = dead.ExpectMsg<DeadLetter>().Recipient;
        for (var i = 0; i < 2; i++)
        {
            probe.Watch(nowhere);
            Assert.Equal(new Terminated(nowhere, ExistenceConfirmed: false, AddressTerminated: false), probe.ExpectMsg<Terminated>());
        }
    }

    [Fact]
    public void What_is_no_ref_of_an_actor_system_is_refused_where_a_watch_or_a_stop_would_never_be_answered()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((self, context) =>
        {
            var stranger = new Stranger(self.Self.Path.Root / "stranger");
            foreach (var deed in new Action[]
            {
                () => context.Watch(stranger), () => context.WatchWith(stranger, 1), () => context.Unwatch(stranger), () => context.Stop(stranger),
                () => context.System.Stop(stranger), () => context.Watch(null!),
            })
            {
                self.To.Tell(Record.Exception(deed)?.GetType().Name ?? "taken");
            }
        }));
        for (var i = 0; i < 5; i++) probe.ExpectMsg(nameof(ArgumentException));
        probe.ExpectMsg(nameof(ArgumentNullException));
    }

    [Fact]
    public void WatchWith_gives_its_own_message_and_a_second_one_is_refused()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Empty);
        probe.WatchWith(actor, "gone");
        Sys.Stop(actor);
        probe.ExpectMsg("gone");
        var watcher = Spawn(() => new Scripted(probe.Ref), "w");
        probe.ExpectMsg("w:PreStart");
        watcher.Tell(Scripted.Run((self, context) =>
        {
            var other = context.ActorOf(Props.Empty);
            context.WatchWith(other, 1);
            Assert.Throws<InvalidOperationException>(() => context.WatchWith(other, 2));
            Assert.Throws<InvalidOperationException>(() => context.Watch(other));
            self.To.Tell("refused");
        }));
        probe.ExpectMsg("refused");
    }

    [Fact]
    public void Unwatch_takes_back_even_a_Terminated_that_waits_in_the_mailbox()
    {
        var probe = CreateTestProbe();
        var watcher = Spawn(() => new Scripted(probe.Ref), "w");
        probe.ExpectMsg("w:PreStart");
        var actor = Sys.ActorOf(Props.Empty);
        watcher.Tell(Scripted.Run((_, context) => context.Watch(actor)));
        using var gate = new ManualResetEventSlim();
        watcher.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        watcher.Tell(Scripted.Run((_, context) => context.Unwatch(actor)));
        probe.ExpectMsg("in");
        Sys.Stop(actor);
        AwaitCondition(() => actor.WatchAsync().IsCompleted, message: "the actor ended");
        gate.Set();
        watcher.Tell("end");
        probe.ExpectMsg("end");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void Terminated_that_nobody_handles_is_a_death_pact()
    {
        var probe = CreateTestProbe();
        var watcher = Spawn(() => new Ignorant(), "w");
        probe.Watch(watcher);
        var actor = Sys.ActorOf(Props.Empty);
        watcher.Tell(actor);
        Sys.Stop(actor);
        Assert.Equal(watcher, probe.ExpectMsg<Terminated>().ActorRef);
    }

    [Fact]
    public void A_death_pact_tells_the_supervisor_who_died()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(cause =>
        {
            probe.Ref.Tell(cause);
            return Directive.Resume;
        })), "p");
        probe.ExpectMsg("p:PreStart");
        var victim = Sys.ActorOf(Props.Empty);
        parent.Tell(Scripted.Run((self, context) => context.ActorOf(Props.CreateFrom(static () => new Ignorant()), "c").Tell(victim)));
        Sys.Stop(victim);
        Assert.Equal(victim, probe.ExpectMsg<DeathPactException>().DeadActor);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void A_Terminated_comes_after_what_the_dead_had_told()
    {
        var probe = CreateTestProbe();
        var watcher = Spawn(() => new Scripted(probe.Ref), "w");
        probe.ExpectMsg("w:PreStart");
        var teller = Spawn(() => new Scripted(watcher), "t");
        using var gate = new ManualResetEventSlim();
        watcher.Tell(Scripted.Run((self, context) =>
        {
            context.Watch(teller);
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        probe.FishForMessage<string>(s => s == "in");
        for (var i = 0; i < 20; i++) teller.Tell(i);
        Sys.Stop(teller);
        teller.Tell("too late");
        AwaitCondition(() => teller.WatchAsync().IsCompleted, message: "the teller ended");
        gate.Set();
        var said = new List<object>();
        while (said.LastOrDefault() is not Scripted.Gone) said.Add(probe.ExpectMsg<object>());
        Assert.Equal("t:PostStop", said[^2]);
        Assert.Equal(teller, ((Scripted.Gone)said[^1]).Who);
    }

    [Fact]
    public void A_parent_that_watches_its_child_is_told_once()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        probe.ExpectMsg("p:PreStart");
        parent.Tell(Scripted.Run((_, context) =>
        {
            var child = context.ActorOf(Props.Empty, "c");
            context.Watch(child);
            context.Stop(child);
        }));
        probe.ExpectMsg<Scripted.Gone>();
        parent.Tell("end");
        probe.ExpectMsg("end");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void A_restart_forgets_the_watches_of_the_children_that_it_stops_and_keeps_the_others()
    {
        var probe = CreateTestProbe();
        var other = Sys.ActorOf(Props.Empty);
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        parent.Tell(Scripted.Run((_, context) =>
        {
            context.Watch(context.ActorOf(Props.Empty, "c"));
            context.Watch(other);
        }));
        parent.Tell(new InvalidOperationException("boom"));
        probe.FishForMessage<string>(s => s == "p:PostRestart(boom)");
        probe.ExpectMsg("p:PreStart");
        parent.Tell("restarted");
        probe.ExpectMsg("restarted");
        Sys.Stop(other);
        Assert.Equal(other, probe.ExpectMsg<Scripted.Gone>().Who);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public async Task GracefulStop_gives_up_in_time()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.ExpectMsg("a:PreStart");
        await Assert.ThrowsAsync<TaskCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(20), "not a stop"));
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task WatchAsync_says_false_when_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var watching = CreateTestProbe().Ref.WatchAsync(cancel.Token);
        await cancel.CancelAsync();
        Assert.False(await watching);
    }

    private sealed class Stranger(ActorPath path) : ActorRefBase
    {
        public override ActorPath Path => path;

        public override void Tell(object message, IActorRef? sender)
        {
        }
    }

    private sealed class Ignorant : ReceiveActor
    {
        public Ignorant() => Receive<IActorRef>(subject => { Context.Watch(subject); });
    }
}
