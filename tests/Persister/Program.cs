using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Persister;

// Persists numbered events over a store, tells each on standard output, and is meant to be killed meanwhile.
var options = PersisterOptions.Parse(args);
await using var store = await Store.OpenAsync(options);
using var output = Console.OpenStandardOutput();
var report = new Report(output);
await ReadAsync(store.Journal);
if (options.Direct) await Task.WhenAll(Enumerable.Range(0, options.Ids).Select(id => new DirectWriter(options, id, store.Journal, report).RunAsync()));
else await PersistAsync();
report.Tell(new Frame(Kind.Complete, 0, 0, 0, 0, 0));
return 0;

async Task PersistAsync()
{
    using var system = ActorSystem.Create("persister");
    var circuit = new CircuitBreakerOptions { ResetTimeout = TimeSpan.FromMilliseconds(500) };
    Persistence.Install(system, new PersistenceOptions
    {
        Journal = store.Journal,
        SnapshotStore = store.Snapshots,
        OwnsStores = false,
        CircuitBreaker = circuit,
        SnapshotCircuitBreaker = circuit,
    });
    var done = new TaskCompletionSource();
    var host = system.ActorOf(Props.CreateFrom(() => new HostActor(options, report, done)), "host");
    for (var id = 0; id < options.Ids; id++) host.Tell(new HostActor.Start(id));
    await done.Task;
    await system.Terminate();
}

async Task ReadAsync(IEventJournal journal)
{
    for (var id = 0; id < options.Ids; id++)
    {
        await foreach (var e in journal.ReplayAsync(NumberingActor.NameOf(id), 1, long.MaxValue, long.MaxValue, default))
        {
            report.TellLater(NumberedEvent.Describe(Kind.Stored, (byte[])e.Payload, id, e.SequenceNr));
        }
    }

    report.Tell(new Frame(Kind.Read, 0, 0, 0, 0, 0));
}
