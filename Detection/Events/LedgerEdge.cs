namespace Picket.Detection.Events;

/// <summary>
/// One line of the loss ledger: what was handed over an edge of the pipeline, and what became of it. Each number has one
/// writer and is counted where it happens, never derived from another, so that a mistake shows as an imbalance:
/// given = taken + failed + dropped + queued. Counters outlive the actors of both ends.
/// </summary>
public sealed class LedgerEdge
{
    private long _given;
    private long _taken;
    private long _failed;
    private long _dropped;

    /// <summary>Makes an edge called <paramref name="name"/>, such as <c>context->shard-0</c>.</summary>
    public LedgerEdge(string name) => Name = name;

    /// <summary>The edge's name, as alerts print it.</summary>
    public string Name { get; }

    /// <summary>Handed over by the giver.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <summary>Taken and handled by the receiver.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Items whose handling threw; the rest of their slice went on.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Items that came back unhandled, as from the mailbox of an actor that was stopped.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Counts a hand-over; called by the giver before it sends.</summary>
    public void Give(long items) => Interlocked.Add(ref _given, items);

    /// <summary>Counts what was handled.</summary>
    public void Take(long items) => Interlocked.Add(ref _taken, items);

    /// <summary>Counts what failed.</summary>
    public void Fail(long items) => Interlocked.Add(ref _failed, items);

    /// <summary>Counts what came back unhandled.</summary>
    public void Drop(long items) => Interlocked.Add(ref _dropped, items);
}
