using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Persister;

/// <summary>Persists its numbered events through the journal itself, without actors: what fails here is the store's.</summary>
internal sealed class DirectWriter(PersisterOptions options, int id, IEventJournal journal, Report report)
{
    private readonly string _name = NumberingActor.NameOf(id);
    private readonly Random _random = new(options.Run * 1000 + id);
    private long _seen;

    public async Task RunAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                await RecoverAsync();
                while (_seen < options.Events) await WriteAsync();
                return;
            }
            catch (JournalException failure)
            {
                await Console.Error.WriteLineAsync($"{_name}: {failure.Message}");
                report.Tell(new Frame(Kind.Failed, (byte)id, 0, 0, (uint)_seen, 0));
                await pause.WaitForNextTickAsync();
            }
        }
    }

    private async Task RecoverAsync()
    {
        var state = 0UL;
        _seen = 0;
        await foreach (var e in journal.ReplayAsync(_name, 1, long.MaxValue, long.MaxValue, default))
        {
            var frame = NumberedEvent.Describe(Kind.Replayed, (byte[])e.Payload, id, e.SequenceNr);
            report.TellLater(frame);
            state = NumberedEvent.Chain(state, frame.Sum);
            _seen = e.SequenceNr;
        }

        report.Tell(new Frame(Kind.Recovered, (byte)id, 0, 0, (uint)_seen, state));
    }

    private async Task WriteAsync()
    {
        var writes = new List<AtomicWrite>();
        var next = _seen;
        for (var left = _random.Next(1, 4); left > 0 && next < options.Events; left--)
        {
            var size = (int)Math.Min(_random.Next(1, 6), options.Events - next);
            writes.Add(new AtomicWrite([.. Enumerable.Range(0, size)
                .Select(place => new Persistent(NumberedEvent.Make(options.Run, id, ++next, place, size), next, _name, manifest: "m", writerGuid: "w"))]));
        }

        foreach (var rejected in await journal.WriteAsync(writes, default))
        {
            if (rejected is not null) throw rejected;
        }

        foreach (var e in writes.SelectMany(write => write.Payload))
        {
            report.Tell(NumberedEvent.Describe(Kind.Acknowledged, (byte[])e.Payload, id, e.SequenceNr));
        }

        _seen = next;
    }
}
