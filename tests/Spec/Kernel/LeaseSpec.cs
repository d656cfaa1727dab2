using Picket.Actors;
using Picket.Actors.Dispatch;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class LeaseSpec : KernelSpec
{
    private readonly LeaseLedger _ledger = new();

    private readonly HashSet<int> _poison = [];

    private TestLease Lease(int items = 1) => TestLease.From(_ledger, items);

    [Fact]
    public void Released_after_the_handler_returned_and_not_before()
    {
        var probe = CreateTestProbe();
        var worker = Spawn(() => new Worker(probe.Ref, _poison));
        var lease = Lease();
        worker.Tell(lease);
        probe.ExpectMsg((0, false));
        _ledger.AssertBalanced();
    }

    [Theory]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Restart)]
    public void A_failing_item_is_skipped_and_the_rest_comes_before_any_other_message(Directive directive)
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Parent(new OneForOneStrategy(_ => directive), () => new Worker(probe.Ref, _poison)));
        parent.Tell(probe.Ref);
        var worker = probe.ExpectMsg<IActorRef>();
        using var gate = new ManualResetEventSlim();
        worker.Tell(gate);
        var lease = Lease(4);
        worker.Tell(lease);
        worker.Tell("after");
        worker.Tell(new Poison(1));
        worker.Tell(new Poison(3));
        gate.Set();
        probe.ExpectMsg("in");
        probe.ExpectMsg((0, false));
        probe.ExpectMsg((1, false));
        probe.ExpectMsg((2, false));
        probe.ExpectMsg((3, false));
        probe.ExpectMsg("after");
        _ledger.AssertBalanced();
        Assert.Equal(0, lease.Skips);

        // Now items 1 and 3 throw.
        var second = Lease(5);
        worker.Tell(second);
        worker.Tell("after");
        foreach (var item in new[] { 0, 2, 4 }) probe.ExpectMsg((item, false));
        probe.ExpectMsg("after");
        _ledger.AssertBalanced();
        Assert.Equal(2, second.Skips);
    }

    [Fact]
    public void The_last_item_failing_releases()
    {
        var probe = CreateTestProbe();
        var worker = Spawn(() => new Worker(probe.Ref, _poison));
        worker.Tell(new Poison(0));
        var lease = Lease();
        worker.Tell(lease);
        worker.Tell("after");
        probe.ExpectMsg("after");
        _ledger.AssertBalanced();
        Assert.Equal(1, lease.Skips);
    }

    [Fact]
    public void A_failure_that_stops_the_actor_releases_without_skipping()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Parent(SupervisorStrategy.StoppingStrategy, () => new Worker(probe.Ref, _poison)));
        parent.Tell(probe.Ref);
        var worker = probe.ExpectMsg<IActorRef>();
        worker.Tell(new Poison(0));
        var lease = Lease(3);
        worker.Tell(lease);
        _ledger.AssertBalanced();
        Assert.Equal(0, lease.Skips);
    }

    [Fact]
    public void Leases_left_in_a_stopped_mailbox_are_released_after_their_dead_letters()
    {
        var probe = CreateTestProbe();
        var dead = Listen<DeadLetter>();
        var worker = Spawn(() => new Worker(probe.Ref, _poison));
        using var gate = new ManualResetEventSlim();
        worker.Tell(gate);
        probe.ExpectMsg("in");
        for (var i = 0; i < 50; i++) worker.Tell(Lease());
        Sys.Stop(worker);
        gate.Set();
        for (var i = 0; i < 50; i++) Assert.IsType<TestLease>(dead.ExpectMsg<DeadLetter>().Message);
        _ledger.AssertBalanced();
        worker.Tell(Lease());
        Sys.DeadLetters.Tell(Lease());
        ActorRefs.Nobody.Tell(Lease());
        Sys.IgnoreRef.Tell(Lease());
        Sys.ActorSelection("/user/none").Tell(Lease());
        _ledger.AssertBalanced();
    }

    [Fact]
    public void What_a_bounded_mailbox_refuses_is_released()
    {
        var probe = CreateTestProbe();
        var worker = Sys.ActorOf(Props.CreateFrom(() => new Worker(probe.Ref, _poison)).WithMailbox(new BoundedMailbox(4)));
        using var gate = new ManualResetEventSlim();
        worker.Tell(gate);
        probe.ExpectMsg("in");
        for (var i = 0; i < 10; i++) worker.Tell(Lease());
        Assert.Equal(6, _ledger.Released);
        gate.Set();
        _ledger.AssertBalanced();
    }

    [Fact]
    public void An_asynchronous_handler_holds_until_its_task_has_ended()
    {
        var probe = CreateTestProbe();
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Spawn(() => new AsyncWorker(probe.Ref, source.Task), "a");
        var lease = Lease();
        actor.Tell(lease);
        probe.ExpectMsg("began");
        Sys.Stop(actor);
        Assert.False(lease.Released);
        source.SetResult();
        probe.ExpectMsg("ended False");
        probe.ExpectMsg("stopped");
        _ledger.AssertBalanced();
    }

    [Fact]
    public void An_asynchronous_failure_skips_and_goes_on()
    {
        var probe = CreateTestProbe();
        var actor = Spawn(() => new AsyncWorker(probe.Ref, Task.FromException(new InvalidOperationException("boom"))), "a");
        actor.Tell(Lease(3));
        for (var i = 0; i < 3; i++)
        {
            probe.ExpectMsg("began");
            probe.ExpectMsg("stopped");
        }

        _ledger.AssertBalanced();
    }

    [Fact]
    public void A_stashed_lease_is_released_when_it_was_handled_or_dropped()
    {
        var probe = CreateTestProbe();
        var stasher = Spawn(() => new Stasher(probe.Ref));
        var handled = Lease();
        stasher.Tell(handled);
        stasher.Tell("count");
        probe.ExpectMsg(1);
        Assert.False(handled.Released);
        stasher.Tell("open");
        Assert.Same(handled, probe.ExpectMsg<Answerer.Seen>().Message);
        _ledger.AssertBalanced();
        stasher.Tell("close");
        stasher.Tell(Lease());
        stasher.Tell("clear");
        _ledger.AssertBalanced();
        stasher.Tell(Lease());
        stasher.Tell("count");
        probe.ExpectMsg(1);
        Sys.Stop(stasher);
        _ledger.AssertBalanced();
    }

    [Fact]
    public void Forward_moves_a_lease_to_its_receiver()
    {
        var probe = CreateTestProbe();
        using var gate = new ManualResetEventSlim();
        var worker = Spawn(() => new Worker(probe.Ref, _poison));
        worker.Tell(gate);
        probe.ExpectMsg("in");
        var router = Spawn(() => new Forwarder(worker));
        var lease = Lease();
        router.Tell(lease);
        AwaitCondition(() => Sys.Tree().Any(e => e.Path == worker.Path && e.MailboxLength == 1), message: "the lease was passed on");
        router.Tell(lease.Items, probe.Ref);
        probe.ExpectMsg(1);
        Assert.False(lease.Released);
        gate.Set();
        probe.ExpectMsg((0, false));
        _ledger.AssertBalanced();
    }

    [Fact]
    public async Task A_lease_has_one_receiver_and_waits_for_no_clock()
    {
        var lease = Lease();
        Assert.Throws<ArgumentException>(() => Sys.EventStream.Publish(lease));
        Assert.Throws<ArgumentException>(() => Sys.ActorSelection("/user/*").Tell(lease));
        Assert.Throws<ArgumentException>(() => Sys.Scheduler.ScheduleTellOnce(TimeSpan.Zero, Sys.DeadLetters, lease, null));
        lease.Release();
        var answerer = Spawn(() => new Answerer(Lease()));
        await Assert.ThrowsAsync<ArgumentException>(() => answerer.Ask("x", TestContext.Current.CancellationToken));
        _ledger.AssertBalanced();
    }

    internal sealed record Poison(int Item);

    /// <summary>Works through a lease item by item, from where the lease stands. What is poison outlives an incarnation.</summary>
    private sealed class Worker(IActorRef to, HashSet<int> poison) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ManualResetEventSlim gate:
                    to.Tell("in");
                    gate.Wait(TimeSpan.FromSeconds(20));
                    break;
                case Poison more:
                    poison.Add(more.Item);
                    break;
                case TestLease lease:
                    for (; lease.At < lease.Items; lease.At++)
                    {
                        if (poison.Contains(lease.At)) throw new InvalidOperationException("item");
                        to.Tell((lease.At, lease.Released));
                    }

                    break;
                default:
                    to.Tell(message);
                    break;
            }
        }
    }

    private sealed class Parent(SupervisorStrategy strategy, Func<ActorBase> child) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message) => ((IActorRef)message).Tell(Context.ActorOf(Props.CreateFrom(child)));
    }

    private sealed class AsyncWorker : ReceiveActor
    {
        private readonly IActorRef _to;

        public AsyncWorker(IActorRef to, Task wait)
        {
            _to = to;
            ReceiveAsync<TestLease>(async lease =>
            {
                to.Tell("began");
                await wait;
                to.Tell($"ended {lease.Released}");
            });
        }

        protected override void PostStop() => _to.Tell("stopped");
    }

    private sealed class Stasher(IActorRef to) : UntypedActor, IWithUnboundedStash
    {
        private bool _open;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "close":
                    _open = false;
                    break;
                case "clear":
                    Stash.ClearStash();
                    break;
                case "count":
                    to.Tell(Stash.Count);
                    break;
                default:
                    if (_open) to.Tell(new Answerer.Seen(message));
                    else Stash.Stash();
                    break;
            }
        }
    }

    private sealed class Forwarder(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is TestLease) to.Forward(message);
            else Sender.Tell(message);
        }
    }

    private sealed class Answerer(TestLease lease) : UntypedActor
    {
        public sealed record Seen(object Message);

        protected override void OnReceive(object message) => Sender.Tell(lease);
    }
}
