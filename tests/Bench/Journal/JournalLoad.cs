using System.Diagnostics;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Bench.Journal;

/// <summary>The journal itself: a call with an atomic write for each history, the next when it is durable.</summary>
internal sealed class JournalLoad(IEventJournal journal) : IWriteLoad
{
    private readonly long[] _last = new long[WriteShape.MostHistories];

    public string Name => "journal";

    public async Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            var writes = new AtomicWrite[shape.Histories];
            for (var id = 0; id < writes.Length; id++) writes[id] = Next(id, shape.Each);
            foreach (var rejected in await journal.WriteAsync(writes, default))
            {
                if (rejected is not null) throw rejected;
            }

            events += shape.Events;
        }

        return new WriteRate(events / clock.Elapsed.TotalSeconds, shape.Events);
    }

    public ValueTask DisposeAsync() => default;

    private AtomicWrite Next(int id, int count)
    {
        var events = new Persistent[count];
        for (var i = 0; i < count; i++)
            events[i] = new Persistent(Payload.Bytes, ++_last[id], Payload.Names[id], writerGuid: Payload.Writer, timestamp: Payload.Written);
        return new AtomicWrite(events);
    }
}
