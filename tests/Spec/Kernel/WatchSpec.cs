using Picket.Actors;

namespace Picket.Spec.Kernel;

public sealed class WatchSpec : KernelSpec
{
    [Fact]
    public void One_watch_gives_one_Terminated_with_the_dead_as_sender()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Props.Empty);
        for (var i = 0; i < 3; i++) probe.Ref.Tell(new Probe.Watch(actor));
        Sys.Stop(actor);
        var terminated = probe.Expect<Terminated>();
        Assert.Equal(actor, terminated.ActorRef);
        Assert.Equal(actor, probe.LastSender);
        Assert.True(terminated.ExistenceConfirmed);
        probe.ExpectNothing();
    }

    [Fact]
    public async Task A_watch_of_the_dead_answers_each_time()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Props.Empty);
        await actor.GracefulStop(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 2; i++)
        {
            probe.Ref.Tell(new Probe.Watch(actor));
            Assert.True(probe.Expect<Terminated>().ExistenceConfirmed);
        }
    }

    [Fact]
    public void A_watch_of_the_unknown_answers_without_confirming()
    {
        var probe = NewProbe();
        probe.Ref.Tell(new Probe.Watch(Sys.DeadLetters));
        Assert.False(probe.Expect<Terminated>().ExistenceConfirmed);
        probe.Ref.Tell(new Probe.Watch(ActorRefs.Nobody));
        Assert.False(probe.Expect<Terminated>().ExistenceConfirmed);
    }

    [Fact]
    public void WatchWith_gives_its_own_message_and_a_second_one_is_refused()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Props.Empty);
        probe.Ref.Tell(new Probe.WatchWith(actor, "gone"));
        Sys.Stop(actor);
        probe.Expect("gone");
        var watcher = Spawn(() => new Scripted(probe.Ref), "w");
        probe.Expect("w:PreStart");
        watcher.Tell(Scripted.Run((self, context) =>
        {
            var other = context.ActorOf(Props.Empty);
            context.WatchWith(other, 1);
            Assert.Throws<InvalidOperationException>(() => context.WatchWith(other, 2));
            Assert.Throws<InvalidOperationException>(() => context.Watch(other));
            self.To.Tell("refused");
        }));
        probe.Expect("refused");
    }

    [Fact]
    public void Unwatch_takes_back_even_a_Terminated_that_waits_in_the_mailbox()
    {
        var probe = NewProbe();
        var watcher = Spawn(() => new Scripted(probe.Ref), "w");
        probe.Expect("w:PreStart");
        var actor = Sys.ActorOf(Props.Empty);
        watcher.Tell(Scripted.Run((_, context) => context.Watch(actor)));
        using var gate = new ManualResetEventSlim();
        watcher.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        watcher.Tell(Scripted.Run((_, context) => context.Unwatch(actor)));
        probe.Expect("in");
        Sys.Stop(actor);
        Probe.Await(() => actor.WatchAsync().IsCompleted, "the actor ended");
        gate.Set();
        watcher.Tell("end");
        probe.Expect("end");
        probe.ExpectNothing();
    }

    [Fact]
    public void Terminated_that_nobody_handles_is_a_death_pact()
    {
        var probe = NewProbe();
        var watcher = Spawn(() => new Ignorant(), "w");
        probe.Ref.Tell(new Probe.Watch(watcher));
        var actor = Sys.ActorOf(Props.Empty);
        watcher.Tell(actor);
        Sys.Stop(actor);
        Assert.Equal(watcher, probe.Expect<Terminated>().ActorRef);
    }

    [Fact]
    public void A_parent_that_watches_its_child_is_told_once()
    {
        var probe = NewProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        probe.Expect("p:PreStart");
        parent.Tell(Scripted.Run((_, context) =>
        {
            var child = context.ActorOf(Props.Empty, "c");
            context.Watch(child);
            context.Stop(child);
        }));
        probe.Expect<Scripted.Gone>();
        parent.Tell("end");
        probe.Expect("end");
        probe.ExpectNothing();
    }

    [Fact]
    public async Task GracefulStop_gives_up_in_time()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Scripted(probe.Ref), "a");
        probe.Expect("a:PreStart");
        await Assert.ThrowsAsync<TaskCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(20), "not a stop"));
        Assert.True(await actor.GracefulStop(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task WatchAsync_says_false_when_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var watching = NewProbe().Ref.WatchAsync(cancel.Token);
        await cancel.CancelAsync();
        Assert.False(await watching);
    }

    private sealed class Ignorant : ReceiveActor
    {
        public Ignorant() => Receive<IActorRef>(subject => { Context.Watch(subject); });
    }
}
