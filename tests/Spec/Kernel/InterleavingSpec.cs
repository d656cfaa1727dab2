using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Picket.Actors;
using Picket.Actors.Dispatch;

namespace Picket.Spec.Kernel;

/// <summary>
/// Random programs of two senders against a small tree. Whatever the interleaving: order per sender holds, a message is
/// handled at most once, each watch ends in one Terminated, nothing runs after PostStop, handlers do not overlap, and every
/// lease goes back exactly once.
/// </summary>
public sealed class InterleavingSpec
{
    private const int Actors = 3;

    internal enum Kind
    {
        Tell,
        Fail,
        FailAsync,
        Lease,
        BadLease,
        AsyncLease,
        Stash,
        Unstash,
        Forward,
        Kill,
        Poison,
        Stop,
        Respawn,
    }

    [Fact]
    public void Promises_hold_under_random_interleavings()
    {
        var step = Gen.Zip(
            Gen.Frequency<Kind>(
                (8, Gen.Constant(Kind.Tell)), (3, Gen.Constant(Kind.Fail)), (2, Gen.Constant(Kind.FailAsync)), (5, Gen.Constant(Kind.Lease)),
                (5, Gen.Constant(Kind.BadLease)), (3, Gen.Constant(Kind.AsyncLease)), (3, Gen.Constant(Kind.Stash)), (2, Gen.Constant(Kind.Unstash)),
                (3, Gen.Constant(Kind.Forward)), (1, Gen.Constant(Kind.Kill)), (1, Gen.Constant(Kind.Poison)), (1, Gen.Constant(Kind.Stop)),
                (3, Gen.Constant(Kind.Respawn))),
            Gen.Choose(0, Actors - 1));
        var program = Gen.Zip(Gen.Zip(Gen.ListOf(step, 150), Gen.ListOf(step, 150)), Gen.Choose(0, 4));
        Prop.ForAll(program.ToArbitrary(), p => Run([.. p.Item1.Item1], [.. p.Item1.Item2], p.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static void Run((Kind, int)[] first, (Kind, int)[] second, int variant)
    {
        var world = new World(variant);
        var senders = new[] { first, second }.Select((steps, sender) => Task.Run(() => world.Send(sender, steps))).ToArray();
        Assert.True(Task.WaitAll(senders, TimeSpan.FromSeconds(60)), "the senders ended within 60 s");
        Assert.True(world.System.Terminate().Wait(TimeSpan.FromSeconds(60)), "the system ended within 60 s");
        world.Ledger.AssertBalanced();
        Assert.Empty(world.Broken);

        // An actor that ended told each watcher once, and all have ended now.
        Assert.All(world.Told, told => Assert.Equal(1, told.Value));
    }

    internal sealed class World
    {
        private readonly IActorRef[] _actors = new IActorRef[Actors];
        private readonly IActorRef _parent;

        public World(int variant)
        {
            System = ActorSystem.Create("random", new ActorSystemOptions { StandardErrorLevel = null, Throughput = variant == 0 ? 1 : 20 });
            Directive[] directives = [Directive.Restart, Directive.Resume, Directive.Restart, Directive.Stop, Directive.Restart];
            SupervisorStrategy strategy = variant == 2
                ? new AllForOneStrategy(_ => Directive.Restart)
                : new OneForOneStrategy(_ => directives[variant]);
            _parent = System.ActorOf(Props.CreateFrom(() => new Parent(this, strategy)));
            Mailbox = variant == 4 ? new BoundedMailbox(20) : new UnboundedMailbox();
            for (var i = 0; i < Actors; i++) Respawn(i);
        }

        public ActorSystem System { get; }

        public MailboxType Mailbox { get; }

        public LeaseLedger Ledger { get; } = new();

        public ConcurrentQueue<string> Broken { get; } = [];

        public ConcurrentDictionary<IActorRef, int> Told { get; } = [];

        public void Send(int sender, (Kind, int)[] steps)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                var (kind, to) = steps[i];
                var actor = Volatile.Read(ref _actors[to]);
                switch (kind)
                {
                    case Kind.Tell:
                        actor.Tell(new Numbered(sender, i), ActorRefs.NoSender);
                        break;
                    case Kind.Lease or Kind.AsyncLease:
                        actor.Tell(new Work(kind, TestLease.From(Ledger, 3), -1, null), ActorRefs.NoSender);
                        break;
                    case Kind.BadLease:
                        actor.Tell(new Work(kind, TestLease.From(Ledger, 3), i % 3, null), ActorRefs.NoSender);
                        break;
                    case Kind.Stash:
                        actor.Tell(new Work(kind, TestLease.From(Ledger), -1, null), ActorRefs.NoSender);
                        break;
                    case Kind.Forward:
                        actor.Tell(new Work(kind, TestLease.From(Ledger, 2), -1, _actors[(to + 1) % Actors]), ActorRefs.NoSender);
                        break;
                    case Kind.Kill:
                        actor.Tell(Picket.Actors.Kill.Instance, ActorRefs.NoSender);
                        break;
                    case Kind.Poison:
                        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                        break;
                    case Kind.Stop:
                        System.Stop(actor);
                        break;
                    case Kind.Respawn:
                        if (actor.WatchAsync().IsCompleted) Respawn(to);
                        break;
                    default:
                        actor.Tell(kind, ActorRefs.NoSender);
                        break;
                }
            }
        }

        private void Respawn(int at) => Volatile.Write(ref _actors[at], _parent.Ask<IActorRef>("spawn").Result);
    }

    internal sealed record Numbered(int Sender, int Number);

    /// <summary>A lease with what to do with it; the ledger is the inner one's.</summary>
    internal sealed record Work(Kind Kind, TestLease Lease, int Poison, IActorRef? Next) : ILease
    {
        public bool Forwarded { get; set; }

        public void Release() => Lease.Release();

        public bool SkipFailed() => Lease.SkipFailed();
    }

    private sealed class Parent(World world, SupervisorStrategy strategy) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message)
        {
            if (message is Terminated { ActorRef: var ended })
            {
                world.Told.AddOrUpdate(ended, 1, static (_, n) => n + 1);
                return;
            }

            var memory = new Memory();
            var child = Context.ActorOf(Props.CreateFrom(() => new Child(world, memory)).WithMailbox(world.Mailbox));
            Context.Watch(child);
            Sender.Tell(child);
        }
    }

    /// <summary>What must hold across the incarnations of one ref.</summary>
    private sealed class Memory
    {
        public int[] Last { get; } = [-1, -1];

        public int Inside;
    }

    private sealed class Child : ReceiveActor, IWithUnboundedStash
    {
        private readonly World _world;
        private readonly Memory _memory;
        private bool _stopped;

        public Child(World world, Memory memory)
        {
            _world = world;
            _memory = memory;
            Receive<Numbered>(n => Enter(() =>
            {
                if (n.Number <= memory.Last[n.Sender]) world.Broken.Enqueue($"{n.Number} of {n.Sender} after {memory.Last[n.Sender]}");
                memory.Last[n.Sender] = n.Number;
            }));
            Receive<Work>(w => w.Kind != Kind.AsyncLease, w => Enter(() => Do(w)));
            ReceiveAsync<Work>(async w =>
            {
                for (; w.Lease.At < w.Lease.Items; w.Lease.At++)
                {
                    Enter(() => Check(w.Lease));
                    await Task.Yield();
                    Enter(() => Check(w.Lease));
                }
            });
            Receive<Kind>(k => k == Kind.Unstash, _ => Enter(() => Stash.UnstashAll()));
            Receive<Kind>(k => k == Kind.Fail, _ => Enter(() => throw new InvalidOperationException("told to")));
            ReceiveAsync<Kind>(async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("told to, later");
            });
        }

        public IStash Stash { get; set; } = null!;

        protected override void PostStop() => _stopped = true;

        private void Do(Work work)
        {
            Check(work.Lease);
            switch (work.Kind)
            {
                case Kind.Stash when Stash.Count < 5 && work.Lease.At == 0:
                    work.Lease.At++;
                    Stash.Stash();
                    return;
                case Kind.Forward when !work.Forwarded:
                    work.Forwarded = true;
                    work.Next!.Forward(work);
                    return;
            }

            for (; work.Lease.At < work.Lease.Items; work.Lease.At++)
            {
                Check(work.Lease);
                if (work.Lease.At == work.Poison) throw new InvalidOperationException("poison");
            }
        }

        private void Check(TestLease lease)
        {
            if (lease.Released) _world.Broken.Enqueue("a lease was used after its release");
        }

        private void Enter(Action action)
        {
            if (Interlocked.Increment(ref _memory.Inside) != 1) _world.Broken.Enqueue("handlers overlap");
            if (_stopped) _world.Broken.Enqueue("a handler ran after PostStop");
            try
            {
                action();
            }
            finally
            {
                Interlocked.Decrement(ref _memory.Inside);
            }
        }
    }
}
