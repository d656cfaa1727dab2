using FsCheck;
using FsCheck.Fluent;
using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Install = Picket.Actors.Persistence.Persistence;

namespace Picket.Spec.Persistence;

/// <summary>
/// Random programs of commands that persist in every way, fail, and restart, over a journal that delays, rejects, fails and loses answers.
/// Whatever the interleaving: handlers of an incarnation run in the order of their calls, only for stored events, once; no command runs
/// between a Persist and its handler; what an incarnation has is what the journal holds; an acknowledged event is never lost.
/// </summary>
public sealed class RandomProgramSpec
{
    internal enum Kind
    {
        Persist,
        PersistAsync,
        PersistAll,
        PersistAllAsync,
        Defer,
        DeferAsync,
        Nested,
        NestedAsync,
        Task,
        Rejected,
        ThrowAfter,
        ThrowInHandler,
        Snapshot,
    }

    internal enum Fault
    {
        None,
        Yield,
        Delay,
        FailBefore,
        LoseAnswer,
    }

    [Fact]
    public void What_is_applied_is_what_is_stored_in_order_and_once()
    {
        var step = Gen.Frequency<Kind>(
            (5, Gen.Constant(Kind.Persist)), (5, Gen.Constant(Kind.PersistAsync)), (2, Gen.Constant(Kind.PersistAll)), (2, Gen.Constant(Kind.PersistAllAsync)),
            (2, Gen.Constant(Kind.Defer)), (3, Gen.Constant(Kind.DeferAsync)), (3, Gen.Constant(Kind.Nested)), (3, Gen.Constant(Kind.NestedAsync)),
            (2, Gen.Constant(Kind.Task)), (1, Gen.Constant(Kind.Rejected)), (1, Gen.Constant(Kind.ThrowAfter)), (1, Gen.Constant(Kind.ThrowInHandler)),
            (1, Gen.Constant(Kind.Snapshot)));
        var command = Gen.Choose(1, 3).SelectMany(count => Gen.ListOf(step, count));
        var program = Gen.Choose(1, 40).SelectMany(count => Gen.ListOf(command, count));
        var fault = Gen.Frequency<Fault>(
            (8, Gen.Constant(Fault.None)), (8, Gen.Constant(Fault.Yield)), (4, Gen.Constant(Fault.Delay)), (1, Gen.Constant(Fault.FailBefore)), (1, Gen.Constant(Fault.LoseAnswer)));
        var faults = Gen.ListOf(fault, 40);
        Prop.ForAll(Gen.Zip(program, faults).ToArbitrary(), p => Run([.. p.Item1.Select(steps => steps.ToArray())], [.. p.Item2]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static void Run(Kind[][] program, Fault[] faults)
    {
        var world = new World(faults);
        var system = ActorSystem.Create("random", new ActorSystemOptions { StandardErrorLevel = null });
        Install.Install(system, new PersistenceOptions
        {
            Journal = world.Journal,
            SnapshotStore = world.Snapshots,
            CircuitBreaker = new CircuitBreakerOptions { MaxFailures = 1000 },
            SnapshotCircuitBreaker = new CircuitBreakerOptions { MaxFailures = 1000 },
        });
        var probe = new Probe(system);
        var actor = Begin();
        for (var i = 0; i < program.Length; i++) actor.Tell(new Command(i, program[i]), probe.Ref);

        // The actor may have stopped for a failed write: then another one goes on, as a back-off supervisor would have it.
        while (true)
        {
            actor.Tell("end", probe.Ref);
            if (probe.Expect<string>() == "ended") break;
            actor = Begin();
        }

        Assert.True(system.Terminate().Wait(TimeSpan.FromSeconds(60)), "the system ended within 60 s");
        Assert.Empty(world.Broken);
        var stored = world.Journal.Stored("r").Cast<int>().ToArray();
        Assert.Equal(stored, world.Live);
        Assert.Equal(stored.Distinct(), stored);
        Assert.Empty(world.Acknowledged.Except(stored));
        Assert.Equal(Enumerable.Range(1, world.Journal.Events("r").Count).Select(i => (long)i), world.Journal.Events("r").Select(e => e.SequenceNr));

        IActorRef Begin()
        {
            var made = system.ActorOf(Props.CreateFrom(() => new Subject(world)));
            system.ActorOf(Props.CreateFrom(() => new Herald(made, probe.Ref)));
            return made;
        }
    }

    private sealed record Command(int Number, Kind[] Steps);

    private sealed class World
    {
        private int _call;

        public World(Fault[] faults)
        {
            var fault = Fault.None;
            Journal.Reject = payload => payload is int e && Rejected.ContainsKey(e);
            Journal.Delay = async () =>
            {
                fault = faults[Interlocked.Increment(ref _call) % faults.Length];
                if (fault == Fault.Delay) await Task.Run(static () => { });
                else if (fault != Fault.None) await Task.Yield();
            };
            Journal.BeforeWrite = _ =>
            {
                if (fault == Fault.FailBefore) throw new JournalException("told to fail");
            };
            Journal.AfterWrite = _ =>
            {
                if (fault == Fault.LoseAnswer) throw new JournalException("told to lose the answer");
            };
        }

        public DisturbedJournal Journal { get; } = new();

        public DisturbedSnapshotStore Snapshots { get; } = new();

        public System.Collections.Concurrent.ConcurrentQueue<string> Broken { get; } = [];

        public HashSet<int> Acknowledged { get; } = [];

        public System.Collections.Concurrent.ConcurrentDictionary<int, bool> Rejected { get; } = [];

        public int[] Live { get; set; } = [];

        public int NextEvent;

        public int NextCall;
    }

    /// <summary>Tells when an actor has ended.</summary>
    private sealed class Herald : ReceiveActor
    {
        public Herald(IActorRef whom, IActorRef to)
        {
            Context.Watch(whom);
            Receive<Terminated>(_ => to.Tell("gone"));
        }
    }

    private sealed class Subject : ReceivePersistentActor
    {
        private readonly World _world;
        private readonly List<int> _state = [];
        private int _lastCall = -1;
        private int _stashing;
        private bool _inTask;

        public Subject(World world)
        {
            _world = world;
            Recover<int>(_state.Add);
            Recover<SnapshotOffer>(offer => _state.AddRange((int[])offer.Snapshot));
            Command<Command>(command => Check(() => Do(command)));
            Command<SaveSnapshotSuccess>(_ => { });
            Command<string>(_ => Check(() => Finish(Sender)));
        }

        public override string PersistenceId => "r";

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
        {
            if (!_world.Rejected.ContainsKey((int)@event)) _world.Broken.Enqueue($"{@event} was rejected for nothing");
        }

        /// <summary>Answers when nothing waits any more: a handler may have persisted more.</summary>
        private void Finish(IActorRef asker)
        {
            var calls = _world.NextCall;
            DeferAsync(0, _ =>
            {
                if (_world.NextCall != calls)
                {
                    Finish(asker);
                    return;
                }

                _world.Live = [.. _state];
                asker.Tell("ended");
            });
        }

        private void Check(Action action)
        {
            if (_stashing != 0) _world.Broken.Enqueue($"a command ran while {_stashing} handlers were waited for");
            if (_inTask) _world.Broken.Enqueue("a command ran inside a task");
            action();
        }

        private void Do(Command command)
        {
            foreach (var step in command.Steps)
            {
                switch (step)
                {
                    case Kind.Persist:
                        Stashing(1);
                        Persist(Next(), Handler<int>(true, Apply));
                        break;
                    case Kind.PersistAsync:
                        PersistAsync(Next(), Handler<int>(false, Apply));
                        break;
                    case Kind.PersistAll:
                        Stashing(2);
                        PersistInOrder(true);
                        break;
                    case Kind.PersistAllAsync:
                        PersistInOrder(false);
                        break;
                    case Kind.Defer:
                        Stashing(1);
                        Defer(0, Handler<int>(true, _ => { }));
                        break;
                    case Kind.DeferAsync:
                        DeferAsync(0, Handler<int>(false, _ => { }));
                        break;
                    case Kind.Nested:
                        Stashing(1);
                        Persist(Next(), Handler<int>(true, e =>
                        {
                            Apply(e);
                            Stashing(1);
                            Persist(Next(), Handler<int>(true, Apply));
                        }));
                        break;
                    case Kind.NestedAsync:
                        PersistAsync(Next(), Handler<int>(false, e =>
                        {
                            Apply(e);
                            Stashing(1);
                            Persist(Next(), Handler<int>(true, Apply));
                            PersistAsync(Next(), Handler<int>(false, Apply));
                        }));
                        break;
                    case Kind.Task:
                        Stashing(1);
                        var call = _world.NextCall++;
                        Persist(Next(), async e =>
                        {
                            InOrder(call);
                            _inTask = true;
                            await Task.Yield();
                            _inTask = false;
                            Stashing(-1);
                            Apply(e);
                        });
                        break;
                    case Kind.Rejected:
                        var rejected = Next();
                        _world.Rejected[rejected] = true;
                        _world.NextCall++;
                        PersistAsync(rejected, _ => _world.Broken.Enqueue($"{rejected} was handled though it was rejected"));
                        break;
                    case Kind.ThrowAfter:
                        Persist(Next(), _ => _world.Broken.Enqueue("a handler of a failed incarnation ran"));
                        throw new InvalidOperationException("told to");
                    case Kind.ThrowInHandler:
                        Stashing(1);
                        Persist(Next(), Handler<int>(true, _ => throw new InvalidOperationException("told to, later")));
                        break;
                    case Kind.Snapshot:
                        SaveSnapshot(_state.ToArray());
                        break;
                }
            }
        }

        private void PersistInOrder(bool stashing)
        {
            int[] calls = [_world.NextCall++, _world.NextCall++];
            var at = 0;
            Action<int> handler = e =>
            {
                InOrder(calls[at++]);
                if (stashing) Stashing(-1);
                Apply(e);
            };
            if (stashing) PersistAll([Next(), Next()], handler);
            else PersistAllAsync([Next(), Next()], handler);
        }

        private Action<T> Handler<T>(bool stashing, Action<T> handler)
        {
            var call = _world.NextCall++;
            return e =>
            {
                InOrder(call);
                if (stashing) Stashing(-1);
                handler(e);
            };
        }

        private int Next() => _world.NextEvent++;

        private void Stashing(int change) => _stashing += change;

        private void InOrder(int call)
        {
            if (_inTask) _world.Broken.Enqueue("a handler ran inside a task");
            if (call <= _lastCall) _world.Broken.Enqueue($"the handler of call {call} ran after that of {_lastCall}");
            _lastCall = call;
        }

        private void Apply(int e)
        {
            _state.Add(e);
            _world.Acknowledged.Add(e);
        }
    }
}
