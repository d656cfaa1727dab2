using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class StashSpec : KernelSpec
{
    [Fact]
    public void Unstashed_messages_come_in_order_before_those_that_wait()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Stashes(probe.Ref));
        using var gate = new ManualResetEventSlim();
        foreach (var i in new[] { 1, 2, 3 }) actor.Tell(i, probe.Ref);
        actor.Tell(gate);
        actor.Tell("open");
        foreach (var i in new[] { 4, 5 }) actor.Tell(i, probe.Ref);
        gate.Set();
        for (var i = 1; i <= 5; i++) probe.ExpectMsg(i);
    }

    [Fact]
    public void A_stash_survives_a_restart_in_the_mailbox()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Stashes(probe.Ref));
        foreach (var i in new[] { 1, 2 }) actor.Tell(i);
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("open");
        probe.ExpectMsg(1);
        probe.ExpectMsg(2);
    }

    [Fact]
    public void After_a_restart_the_stash_goes_before_what_waits_in_the_mailbox()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Stashes(probe.Ref));
        using var gate = new ManualResetEventSlim();
        foreach (var i in new[] { 1, 2 }) actor.Tell(i);
        actor.Tell(gate);
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell(3);
        actor.Tell("open");
        actor.Tell(4);
        gate.Set();
        for (var i = 1; i <= 4; i++) probe.ExpectMsg(i);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void The_same_message_cannot_be_stashed_twice_and_a_full_stash_throws()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.CreateFrom(() => new Bounded(probe.Ref)).WithStashCapacity(2));
        actor.Tell("twice");
        probe.ExpectMsg("IllegalActorStateException 1 2");
        actor.Tell("fill");
        probe.ExpectMsg("ok 2 2");
        actor.Tell("over");
        probe.ExpectMsg("StashOverflowException 2 2");
    }

    [Fact]
    public void A_stopped_actors_stash_goes_to_dead_letters()
    {
        var dead = Listen<DeadLetter>();
        var probe = CreateTestProbe();
        var actor = Spawn(() => new Stashes(probe.Ref));
        actor.Tell(1);
        actor.Tell(PoisonPill.Instance);
        Assert.Equal(1, dead.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_stashed_Terminated_is_told_when_it_is_unstashed()
    {
        var probe = CreateTestProbe();
        var watched = CreateTestProbe().Ref;
        var actor = Spawn(() => new Stashes(probe.Ref));
        actor.Tell(new WatchIt(watched));
        Sys.Stop(watched);
        probe.ExpectMsg("put aside");
        actor.Tell("open");
        probe.ExpectMsg("told");
    }

    private sealed record WatchIt(IActorRef Subject);

    private sealed class Stashes(IActorRef to) : UntypedActor, IWithUnboundedStash
    {
        private bool _open;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ManualResetEventSlim gate:
                    gate.Wait(TimeSpan.FromSeconds(20));
                    break;
                case Exception e:
                    throw e;
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case WatchIt watch:
                    Context.Watch(watch.Subject);
                    break;
                case Terminated:
                    if (!_open) Stash.Stash();
                    to.Tell(_open ? "told" : "put aside");
                    break;
                default:
                    if (_open) to.Tell(message);
                    else Stash.Stash();
                    break;
            }
        }
    }

    private sealed class Bounded(IActorRef to) : UntypedActor, IWithBoundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            var what = "ok";
            try
            {
                Stash.Stash();
                if (message is "twice") Stash.Stash();
            }
            catch (Exception e)
            {
                what = e.GetType().Name;
            }

            to.Tell($"{what} {Stash.Count} {Stash.Capacity}");
        }
    }
}
