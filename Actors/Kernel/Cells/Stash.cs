namespace Picket.Actors.Cells;

/// <inheritdoc cref="IStash"/>
internal sealed class Stash(ActorCell cell, int capacity) : IStash
{
    private List<Envelope> _kept = [];

    public int Count => _kept.Count;

    public bool IsEmpty => _kept.Count == 0;

    public bool NonEmpty => _kept.Count > 0;

    public bool IsFull => capacity >= 0 && _kept.Count >= capacity;

    public int Capacity => capacity;

    void IStash.Stash()
    {
        var envelope = cell.CurrentEnvelope ?? throw new IllegalActorStateException("there is no message to stash here");
        if (cell.Stashed) throw new IllegalActorStateException($"cannot stash {envelope.Message} more than once");
        if (IsFull) throw new StashOverflowException($"{cell.Self} cannot stash {envelope.Message}: the stash holds {capacity}");
        _kept.Add(envelope);
        cell.Stashed = true;
        if (envelope.Message is Terminated terminated) cell.TellAgain(terminated.ActorRef);
        cell.HandOver(envelope.Message);
    }

    public void Unstash()
    {
        if (_kept.Count == 0) return;
        cell.Prepend([_kept[0]]);
        _kept.RemoveAt(0);
    }

    public void UnstashAll()
    {
        if (_kept.Count == 0) return;
        cell.Prepend(_kept);
        _kept.Clear();
    }

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var all = _kept;
        var wanted = new List<Envelope>(all.Count);
        _kept = new List<Envelope>(all.Count);
        foreach (var envelope in all) (predicate(envelope) ? wanted : _kept).Add(envelope);
        cell.Prepend(wanted);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var cleared = _kept;
        _kept = [];
        foreach (var envelope in cleared) cell.System.DeadLetterOffice.ReleaseLease(envelope.Message);
        return cleared;
    }

    /// <summary>Takes out the first ones that are wanted; their leases stay with them. For a stash that is made of two.</summary>
    public IReadOnlyList<Envelope> Take(Func<Envelope, bool> wanted, int max)
    {
        var taken = new List<Envelope>();
        var rest = new List<Envelope>(_kept.Count);
        foreach (var envelope in _kept) (taken.Count < max && wanted(envelope) ? taken : rest).Add(envelope);
        _kept = rest;
        return taken;
    }

    public void Prepend(IEnumerable<Envelope> envelopes) => _kept.InsertRange(0, envelopes);
}
