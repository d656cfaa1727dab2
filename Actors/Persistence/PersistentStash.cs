using Picket.Actors.Cells;

namespace Picket.Actors.Persistence;

/// <summary>
/// The user's stash of a persistent actor. What it gives back goes before the commands that wait inside, not before them in the mailbox:
/// those come out one by one, and the order of both must hold.
/// </summary>
internal sealed class PersistentStash(Stash kept, IStash inside) : IStash
{
    public int Count => kept.Count;

    public bool IsEmpty => kept.IsEmpty;

    public bool NonEmpty => kept.NonEmpty;

    public bool IsFull => kept.IsFull;

    public int Capacity => kept.Capacity;

    void IStash.Stash() => ((IStash)kept).Stash();

    public void Unstash() => inside.Prepend(kept.Take(static _ => true, 1));

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate) => inside.Prepend(kept.Take(predicate, int.MaxValue));

    public IEnumerable<Envelope> ClearStash() => kept.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => kept.Prepend(envelopes);
}
