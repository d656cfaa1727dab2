using System.Diagnostics;
using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Bench.Journal;

/// <summary>
/// The whole path: a persistent actor for each history persists its events of a batch, all or none, and the next ones when the handler of the
/// last has run. How many of them a commit takes is the journal's affair.
/// </summary>
internal sealed class ActorLoad(IEventJournal journal, Func<long> commits) : IWriteLoad
{
    private int _rounds;

    public string Name => "actors";

    public async Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time)
    {
        _rounds++;
        using var system = ActorSystem.Create("bench");
        Persistence.Install(system, new PersistenceOptions { Journal = journal, OwnsStores = false });
        using var run = new Run(shape.Each, shape.Histories);
        var actors = Enumerable.Range(0, shape.Histories)
            .Select(i => system.ActorOf(Props.CreateFrom(() => new WriterActor($"actor-{_rounds}-{i}", run)))).ToList();
        run.Recovered.Wait();
        var before = commits();
        var clock = Stopwatch.StartNew();
        foreach (var actor in actors) actor.Tell(Go.Instance);
        using var end = new PeriodicTimer(time);
        await end.WaitForNextTickAsync();
        run.Stop = true;
        run.Idle.Wait();
        var rate = new WriteRate(run.Events / clock.Elapsed.TotalSeconds, (double)run.Events / (commits() - before));
        await system.Terminate();
        return rate;
    }

    public ValueTask DisposeAsync() => default;

    private sealed class Run(int each, int actors) : IDisposable
    {
        private long _events;

        public byte[][] Batch { get; } = [.. Enumerable.Repeat(Payload.Bytes, each)];

        public CountdownEvent Recovered { get; } = new(actors);

        public CountdownEvent Idle { get; } = new(actors);

        public bool Stop { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

        public long Events => Volatile.Read(ref _events);

        public void Count() => Interlocked.Increment(ref _events);

        public void Dispose()
        {
            Recovered.Dispose();
            Idle.Dispose();
        }
    }

    private sealed record Go
    {
        public static Go Instance { get; } = new();
    }

    private sealed class WriterActor : ReceivePersistentActor
    {
        private readonly Run _run;
        private int _open;

        public WriterActor(string id, Run run)
        {
            PersistenceId = id;
            _run = run;
            Recover<RecoveryCompleted>(_ => run.Recovered.Signal());
            Command<Go>(_ => PersistAll());
        }

        public override string PersistenceId { get; }

        private void PersistAll()
        {
            _open = _run.Batch.Length;
            if (_open == 1) Persist(_run.Batch[0], Persisted);
            else PersistAll(_run.Batch, Persisted);
        }

        private void Persisted(byte[] e)
        {
            _run.Count();
            if (--_open > 0) return;
            if (_run.Stop) _run.Idle.Signal();
            else Self.Tell(Go.Instance);
        }
    }
}
