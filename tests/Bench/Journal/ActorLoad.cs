using System.Diagnostics;
using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Bench.Journal;

/// <summary>End to end: as many persistent actors as events at once, each with one event under way.</summary>
internal sealed class ActorLoad(IEventJournal journal) : IWriteLoad
{
    private int _rounds;

    public async Task<double> RateAsync(int atOnce, TimeSpan time)
    {
        _rounds++;
        using var system = ActorSystem.Create("bench");
        Persistence.Install(system, new PersistenceOptions { Journal = journal, OwnsStores = false });
        using var recovered = new CountdownEvent(atOnce);
        var run = new Run(recovered);
        var actors = Enumerable.Range(0, atOnce).Select(i => system.ActorOf(Props.CreateFrom(() => new WriterActor($"actor-{_rounds}-{i}", run)))).ToList();
        recovered.Wait();
        run.Idle.Reset(atOnce);
        var clock = Stopwatch.StartNew();
        foreach (var actor in actors) actor.Tell(Go.Instance);
        using var end = new PeriodicTimer(time);
        await end.WaitForNextTickAsync();
        run.Stop = true;
        run.Idle.Wait();
        var rate = run.Events / clock.Elapsed.TotalSeconds;
        await system.Terminate();
        return rate;
    }

    public ValueTask DisposeAsync() => default;

    private sealed class Run(CountdownEvent recovered)
    {
        private long _events;

        public CountdownEvent Recovered => recovered;

        public CountdownEvent Idle { get; } = new(1);

        public bool Stop { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

        public long Events => Volatile.Read(ref _events);

        public void Count() => Interlocked.Increment(ref _events);
    }

    private sealed record Go
    {
        public static Go Instance { get; } = new();
    }

    private sealed class WriterActor : ReceivePersistentActor
    {
        private readonly Run _run;

        public WriterActor(string id, Run run)
        {
            PersistenceId = id;
            _run = run;
            Recover<RecoveryCompleted>(_ => run.Recovered.Signal());
            Command<Go>(_ => Persist(Payload.Bytes, Persisted));
        }

        public override string PersistenceId { get; }

        private void Persisted(byte[] e)
        {
            _run.Count();
            if (_run.Stop) _run.Idle.Signal();
            else Self.Tell(Go.Instance);
        }
    }
}
