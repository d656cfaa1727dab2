using Picket.Detection.Alerts;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// Which matches groups took before the process was killed. What was under way then comes again from its source: it is the same match,
/// though its time may be told a little differently, and where its alert did not come to be it is owed.
/// </summary>
internal sealed class Recollection
{
    /// <summary>The newest so many are known: those of a minute in any but a flood.</summary>
    private const int Most = 1 << 18;

    private readonly Dictionary<(ulong Correlation, UInt128 Id, int Source), FiredWindow?> _known = [];
    private readonly Queue<(ulong, UInt128, int)> _order = new();

    /// <summary>Whether there is nothing to be recognised.</summary>
    public bool IsEmpty => _known.Count == 0; // hot

    /// <summary>Remembers an entry of the journal.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isWritten">Says whether the alert with an id is in the outbox.</param>
    public void Add(in CorrelationEntry entry, Func<StableId, bool> isWritten)
    {
        var key = (entry.Correlation, entry.Occurrence.Id.Value, entry.Occurrence.Source);
        if (_known.TryAdd(key, null)) _order.Enqueue(key);
        if (entry.Fired is { } fired)
        {
            var owed = fired with { Alerts = fired.Alerts && !isWritten(fired.Id) };
            _known[key] = owed.Alerts || owed.LeadsOn ? owed : null;
        }

        while (_order.Count > Most) _known.Remove(_order.Dequeue());
    }

    /// <summary>Whether a match was taken before; what is owed of it is so once.</summary>
    /// <param name="correlation">The correlation's tag.</param>
    /// <param name="id">The match's id.</param>
    /// <param name="source">Which of the correlation's rules matched.</param>
    /// <param name="owed">The window that it completed and whose alert, or those of correlations over it, may not have come to be.</param>
    public bool Knows(ulong correlation, StableId id, int source, out FiredWindow? owed)
    {
        var key = (correlation, id.Value, source);
        if (!_known.TryGetValue(key, out owed)) return false;
        if (owed is not null) _known[key] = null;
        return true;
    }

    /// <summary>Forgets all: what was under way has come.</summary>
    public void Clear()
    {
        _known.Clear();
        _order.Clear();
    }
}
