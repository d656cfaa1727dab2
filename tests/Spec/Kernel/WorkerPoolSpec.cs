using System.Collections.Concurrent;
using Picket.Actors;
using Picket.Actors.Dispatch;

namespace Picket.Spec.Kernel;

/// <summary>The threads that run mailboxes: nobody is starved, nothing is lost, and who blocks harms only itself. Events are not
/// disposed: a worker may still be leaving their wait when the test ends.</summary>
public sealed class WorkerPoolSpec : KernelSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Everything_that_many_threads_schedule_runs_once()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var pool = new WorkerPool("spec-many", 3);
        var ran = new int[Threads * Each];
        var all = new CountdownEvent(ran.Length);
        var producers = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var number = (thread * Each) + i;
                pool.Schedule(new Item(() =>
                {
                    Interlocked.Increment(ref ran[number]);
                    all.Signal();
                }));
            }
        })).ToList();
        producers.ForEach(producer => producer.Start());
        Assert.True(all.Wait(Limit, TestContext.Current.CancellationToken), $"waited for {all.CurrentCount} items that did not run");
        Assert.All(ran, times => Assert.Equal(1, times));
        Assert.InRange(pool.Workers, 1, 3);
    }

    [Fact]
    public void What_a_worker_schedules_runs_in_order_on_it_while_others_are_busy()
    {
        var pool = new WorkerPool("spec-order", 1);
        var order = new ConcurrentQueue<int>();
        var done = new CountdownEvent(1000);
        pool.Schedule(new Item(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var number = i;
                pool.Schedule(new Item(() =>
                {
                    order.Enqueue(number);
                    done.Signal();
                }));
            }
        }));
        Assert.True(done.Wait(Limit, TestContext.Current.CancellationToken), "waited for 1,000 items of one worker");

        // The ring holds 256; what did not fit goes through the common queue, so order is kept within each.
        Assert.Equal(Enumerable.Range(0, RunQueue.Capacity), order.Where(number => number < RunQueue.Capacity));
        Assert.Equal(Enumerable.Range(RunQueue.Capacity, 1000 - RunQueue.Capacity), order.Where(number => number >= RunQueue.Capacity));
    }

    [Fact]
    public void An_item_behind_a_blocked_turn_runs_on_another_worker()
    {
        var pool = new WorkerPool("spec-blocked", 2);
        var release = new ManualResetEventSlim();
        var ran = new ManualResetEventSlim();
        pool.Schedule(new Item(() =>
        {
            pool.Schedule(new Item(ran.Set));
            release.Wait();
        }));
        Assert.True(ran.Wait(Limit, TestContext.Current.CancellationToken), "waited for the item that a blocked turn had scheduled");
        release.Set();
    }

    [Fact]
    public void A_worker_that_was_looking_for_work_wakes_the_next_before_its_turn()
    {
        // Every first turn of a worker takes from the common queue, whatever it was woken for.
        for (var i = 0; i < 200; i++)
        {
            var pool = new WorkerPool("spec-next", 2);
            var release = new ManualResetEventSlim();
            var ran = new ManualResetEventSlim();
            pool.Schedule(new Item(release.Wait));
            pool.Schedule(new Item(ran.Set));
            Assert.True(ran.Wait(Limit, TestContext.Current.CancellationToken), "waited for an item beside a blocked one");
            release.Set();
        }
    }

    [Fact]
    public void Where_every_worker_is_blocked_another_one_is_added()
    {
        var pool = new WorkerPool("spec-starved", 2);
        var release = new ManualResetEventSlim();
        var blocked = new CountdownEvent(6);
        var ran = new ManualResetEventSlim();
        for (var i = 0; i < 6; i++)
        {
            pool.Schedule(new Item(() =>
            {
                blocked.Signal();
                release.Wait();
            }));
        }

        Assert.True(blocked.Wait(Limit, TestContext.Current.CancellationToken), "waited for six blocking items to begin on two workers");
        pool.Schedule(new Item(ran.Set));
        Assert.True(ran.Wait(Limit, TestContext.Current.CancellationToken), "waited for an item beside six blocked ones");
        Assert.InRange(pool.Workers, 7, 16);
        release.Set();
    }

    [Fact]
    public async Task Actors_that_wait_for_the_answer_of_another_do_not_stop_the_system()
    {
        // Blocking in a handler is wrong, and programs do it: more of them than there are processors.
        var echo = Sys.ActorOf(Props.CreateFrom(static () => new Echo()));
        var blockers = Enumerable.Range(0, Environment.ProcessorCount * 2)
            .Select(_ => Sys.ActorOf(Props.CreateFrom(() => new Blocker(echo)))).ToList();
        var answers = await Task.WhenAll(blockers.Select((blocker, i) => blocker.Ask<int>(i, Limit)));
        Assert.Equal(Enumerable.Range(0, blockers.Count), answers);
    }

    [Fact]
    public async Task Two_actors_that_talk_without_end_do_not_starve_the_others()
    {
        var stop = new CancellationTokenSource();
        for (var i = 0; i < Environment.ProcessorCount * 4; i++)
        {
            var partner = Sys.ActorOf(Props.CreateFrom(() => new Chatter(stop.Token)));
            partner.Tell("begin", Sys.ActorOf(Props.CreateFrom(() => new Chatter(stop.Token))));
        }

        var flood = Sys.ActorOf(Props.CreateFrom(() => new Flood(stop.Token)));
        flood.Tell("begin", ActorRefs.NoSender);
        var echo = Sys.ActorOf(Props.CreateFrom(static () => new Echo()));
        for (var i = 0; i < 50; i++) Assert.Equal(i, await echo.Ask<int>(i, Limit, TestContext.Current.CancellationToken));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task What_an_actor_sets_in_its_flow_of_execution_is_not_seen_by_another()
    {
        var local = new AsyncLocal<string?>();
        for (var i = 0; i < 200; i++)
        {
            // The setter tells the reader from its turn, so that the reader runs next on the same worker.
            var reader = Sys.ActorOf(Props.CreateFrom(() => new Reader(local)));
            var setter = Sys.ActorOf(Props.CreateFrom(() => new Setter(local, reader)));
            Assert.Equal("nothing", await setter.Ask<string>("set", Limit, TestContext.Current.CancellationToken));
        }
    }

    private sealed class Item(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Blocker(IActorRef echo) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(echo.Ask<int>(message, Limit).GetAwaiter().GetResult(), Self);
    }

    private sealed class Chatter(CancellationToken stop) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (!stop.IsCancellationRequested) Sender.Tell("on", Self);
        }
    }

    private sealed class Flood(CancellationToken stop) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (stop.IsCancellationRequested) return;
            Self.Tell("more", Self);
            if (message is "begin") Self.Tell("begin too", Self);
        }
    }

    private sealed class Setter(AsyncLocal<string?> local, IActorRef reader) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            local.Value = "mine";
            reader.Forward(message);
        }
    }

    private sealed class Reader(AsyncLocal<string?> local) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(local.Value ?? "nothing", Self);
    }
}
