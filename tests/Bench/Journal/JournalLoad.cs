using System.Diagnostics;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Bench.Journal;

/// <summary>The journal itself: a call with so many writes of one event, the next when it is durable.</summary>
internal sealed class JournalLoad(IEventJournal journal) : IWriteLoad
{
    private readonly string[] _names = [.. Enumerable.Range(0, Payload.Ids).Select(id => $"direct-{id}")];
    private long _number;

    public async Task<double> RateAsync(int atOnce, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            var writes = new AtomicWrite[atOnce];
            for (var i = 0; i < atOnce; i++, _number++)
            {
                writes[i] = new AtomicWrite(new Persistent(Payload.Bytes, _number / Payload.Ids + 1, _names[_number % Payload.Ids],
                    writerGuid: "b2f1f6a0b6c84b0ea1a3f1cf9a9a7f11", timestamp: 638_000_000_000_000_000));
            }

            foreach (var rejected in await journal.WriteAsync(writes, default))
            {
                if (rejected is not null) throw rejected;
            }

            events += atOnce;
        }

        return events / clock.Elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => default;
}
