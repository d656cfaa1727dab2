using Picket.Actors;
using Picket.Actors.Dispatch;
using Picket.Actors.Event;
using Picket.Actors.TestKit;

namespace Picket.Spec.Kernel;

public sealed class MailboxSpec : KernelSpec
{
    private (TestProbe Probe, IActorRef Actor, ManualResetEventSlim Gate) Held(Func<Props, Props> with)
    {
        var probe = CreateTestProbe();
        var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(with(Props.CreateFrom(() => new Scripted(probe.Ref))), "a");
        probe.ExpectMsg("a:PreStart");
        actor.Tell(Scripted.Run((self, _) =>
        {
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        probe.ExpectMsg("in");
        return (probe, actor, gate);
    }

    [Fact]
    public void A_bounded_mailbox_refuses_what_does_not_fit()
    {
        var dead = Listen<AllDeadLetters>();
        var (probe, actor, gate) = Held(p => p.WithMailbox(new BoundedMailbox(3)));
        for (var i = 0; i < 5; i++) actor.Tell(i);

        // A DeadLetter and no Dropped, as in Akka.NET.
        foreach (var refused in new[] { 3, 4 }) Assert.Equal(new DeadLetter(refused, TestActor, actor), dead.ExpectMsg<AllDeadLetters>());
        gate.Set();
        for (var i = 0; i < 3; i++) probe.ExpectMsg(i);
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i);
            probe.ExpectMsg(i);
        }
    }

    [Fact]
    public async Task A_sender_waits_for_room_up_to_the_push_time_out()
    {
        var (probe, actor, gate) = Held(p => p.WithMailbox(new BoundedMailbox(1, TimeSpan.FromSeconds(20))));
        actor.Tell(1);
        var second = Task.Run(() => actor.Tell(2), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        gate.Set();
        probe.ExpectMsg(1);
        probe.ExpectMsg(2);
        await second.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_push_time_out_ends_the_wait()
    {
        var dead = Listen<DeadLetter>();
        var (_, actor, gate) = Held(p => p.WithMailbox(new BoundedMailbox(1, TimeSpan.FromMilliseconds(30))));
        actor.Tell(1);
        actor.Tell(2);
        Assert.Equal(2, dead.ExpectMsg<DeadLetter>().Message);
        gate.Set();
    }

    [Fact]
    public void A_priority_mailbox_hands_out_the_smallest_number_and_keeps_the_order_of_equals()
    {
        var (probe, actor, gate) = Held(p => p.WithMailbox(new ByParity()));
        foreach (var i in new[] { 1, 2, 3, 4, 5 }) actor.Tell(i);
        gate.Set();
        foreach (var i in new[] { 2, 4, 1, 3, 5 }) probe.ExpectMsg(i);
    }

    [Fact]
    public void A_registered_mailbox_is_found_by_name_and_an_unknown_one_refused()
    {
        Sys.Mailboxes.Register("small", new BoundedMailbox(1));
        var dead = Listen<DeadLetter>();
        var (_, actor, gate) = Held(p => p.WithMailbox("small"));
        actor.Tell(1);
        actor.Tell(2);
        Assert.Equal(2, dead.ExpectMsg<DeadLetter>().Message);
        gate.Set();
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Empty.WithMailbox("none")));
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Empty.WithDispatcher("none")));
    }

    [Fact]
    public void System_messages_go_before_user_messages()
    {
        var (probe, actor, gate) = Held(p => p);
        for (var i = 0; i < 10; i++) actor.Tell(i);
        Sys.Stop(actor);
        gate.Set();
        probe.ExpectMsg("a:PostStop");
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void A_stop_overtakes_a_full_bounded_mailbox()
    {
        var dead = Listen<DeadLetter>();
        var (probe, actor, gate) = Held(p => p.WithMailbox(new BoundedMailbox(2)));
        for (var i = 0; i < 2; i++) actor.Tell(i);
        Sys.Stop(actor);
        gate.Set();
        probe.ExpectMsg("a:PostStop");
        for (var i = 0; i < 2; i++) Assert.Equal(i, dead.ExpectMsg<DeadLetter>().Message);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void A_full_bounded_mailbox_takes_what_the_kernel_owes()
    {
        var probe = CreateTestProbe();
        var watched = Sys.ActorOf(Props.Empty);
        var actor = Sys.ActorOf(Props.CreateFrom(() => new Scripted(probe.Ref)).WithMailbox(new BoundedMailbox(1)), "a");
        probe.ExpectMsg("a:PreStart");
        using var gate = new ManualResetEventSlim();
        actor.Tell(Scripted.Run((self, context) =>
        {
            context.Watch(watched);
            self.To.Tell("in");
            gate.Wait(TimeSpan.FromSeconds(20));
        }));
        probe.ExpectMsg("in");
        actor.Tell(1);
        Sys.Stop(watched);
        AwaitCondition(() => watched.WatchAsync().IsCompleted, message: "the watched ended");
        gate.Set();
        probe.ExpectMsg(1);
        Assert.Equal(watched, probe.ExpectMsg<Scripted.Gone>().Who);
    }

    [Fact]
    public void A_pinned_actor_keeps_one_thread_that_is_no_pool_thread_and_lets_it_go()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.CreateFrom(() => new Scripted(probe.Ref)).WithDispatcher("pinned"), "a");
        probe.ExpectMsg("a:PreStart");
        Thread? thread = null;
        for (var i = 0; i < 5; i++)
        {
            actor.Tell(Scripted.Run((self, _) => self.To.Tell(Thread.CurrentThread)));
            var now = probe.ExpectMsg<Thread>();
            Assert.DoesNotContain("picket-worker", now.Name, StringComparison.Ordinal);
            Assert.Same(thread ??= now, now);
        }

        Sys.Stop(actor);
        probe.ExpectMsg("a:PostStop");
        Assert.True(thread!.Join(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_busy_actor_lets_others_have_their_turn()
    {
        var probe = CreateTestProbe();
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => Spawn(() => new Busy(stop.Token))).ToList();
        foreach (var actor in busy) actor.Tell("go");
        probe.Ref.Tell("through");
        probe.ExpectMsg("through");
        stop.Cancel();
    }

    private sealed class ByParity : UnboundedPriorityMailbox
    {
        protected override int PriorityGenerator(object message) => message is int i ? i % 2 : -1;
    }

    private sealed class Busy(CancellationToken stop) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (!stop.IsCancellationRequested) Self.Tell(message);
        }
    }
}
