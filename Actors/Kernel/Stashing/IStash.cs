namespace Picket.Actors;

/// <summary>Messages put aside until the actor can handle them. A lease in it is not given back before it has been handled or the
/// stash is cleared.</summary>
public interface IStash
{
    /// <summary>Messages in the stash.</summary>
    int Count { get; }

    /// <summary>True when there are none.</summary>
    bool IsEmpty { get; }

    /// <summary>True when there are some.</summary>
    bool NonEmpty { get; }

    /// <summary>True when no more fit.</summary>
    bool IsFull { get; }

    /// <summary>Messages that fit, -1 for no bound.</summary>
    int Capacity { get; }

    /// <summary>Puts the message being handled aside.</summary>
    /// <exception cref="IllegalActorStateException">No message is being handled, or it was stashed already.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest message before all others in the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all messages, oldest first, before all others in the mailbox.</summary>
    void UnstashAll();

    /// <summary>As <see cref="UnstashAll()"/> for those that the predicate takes; the others stay.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash, gives leases in it back, and returns what was there.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts envelopes before those in the stash.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}
