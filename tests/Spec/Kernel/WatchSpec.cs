using Picket.Actors;

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

    private sealed class Ignorant : ReceiveActor
    {
        public Ignorant() => Receive<IActorRef>(subject => { Context.Watch(subject); });
    }
}
