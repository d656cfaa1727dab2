using Picket.Actors;

namespace Picket.Spec.Kernel;

/// <summary>Real threads at full speed: what only contention shows.</summary>
public sealed class StressSpec : KernelSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_producers_lose_nothing_and_keep_their_order()
    {
        const int Producers = 6;
        const int Each = 100_000;
        var done = new TaskCompletionSource<string>();
        var actor = Spawn(() => new Checks(Producers, Each, done));
        var threads = Enumerable.Range(0, Producers).Select(p => new Thread(() =>
        {
            for (var i = 0; i < Each; i++) actor.Tell(new Item(p, i), ActorRefs.NoSender);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal("in order", await done.Task.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task Tells_that_race_with_the_end_are_handled_or_dead_and_every_lease_goes_back()
    {
        var ledger = new LeaseLedger();
        for (var round = 0; round < 300; round++)
        {
            var actor = Spawn(() => new Swallows());
            var senders = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 50; i++) actor.Tell(TestLease.From(ledger), ActorRefs.NoSender);
            })).ToArray();
            if (round % 2 == 0) Sys.Stop(actor);
            else actor.Tell(PoisonPill.Instance);
            await Task.WhenAll(senders);
        }

        ledger.AssertBalanced();
    }

    [Fact]
    public async Task A_chain_of_actors_wakes_each_other_without_a_lost_wake_up()
    {
        const int Rounds = 20_000;
        var done = new CountdownEvent(4);
        for (var i = 0; i < 4; i++)
        {
            var echo = Spawn(() => new Echo());
            Spawn(() => new Counts(echo, Rounds, done)).Tell("go");
        }

        Assert.True(await Task.Run(() => done.Wait(Patience, Token), Token), "all rounds ended within 60 s");
    }

    [Fact]
    public async Task Children_by_the_thousand_are_made_and_stopped()
    {
        var parents = Enumerable.Range(0, 4).Select(_ => Spawn(() => new Litter())).ToList();
        foreach (var parent in parents) parent.Tell(5000);
        foreach (var parent in parents) Assert.Equal(5000, await parent.Ask<int>("count", Token));
        var ended = parents.Select(p => p.GracefulStop(Patience)).ToArray();
        Assert.All(await Task.WhenAll(ended), Assert.True);
    }

    private sealed record Item(int Producer, int Number);

    private sealed class Checks(int producers, int each, TaskCompletionSource<string> done) : UntypedActor
    {
        private readonly int[] _next = new int[producers];
        private int _left = producers * each;

        protected override void OnReceive(object message)
        {
            var item = (Item)message;
            if (_next[item.Producer]++ != item.Number) done.TrySetResult($"{item} came when {_next[item.Producer] - 1} was due");
            if (--_left == 0) done.TrySetResult("in order");
        }
    }

    private sealed class Swallows : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Counts(IActorRef echo, int rounds, CountdownEvent done) : UntypedActor
    {
        private int _round;

        protected override void OnReceive(object message)
        {
            if (_round++ == rounds) done.Signal();
            else echo.Tell(message);
        }
    }

    private sealed class Litter : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is int n)
            {
                for (var i = 0; i < n; i++) Context.ActorOf<Swallows>();
            }
            else
            {
                Sender.Tell(Context.GetChildren().Count());
            }
        }
    }
}
