namespace Picket.Actors.Persistence;

/// <summary>Events of one persistence id with consecutive numbers, to be stored whole or not at all.</summary>
public sealed class AtomicWrite
{
    /// <summary>A write of one event.</summary>
    public AtomicWrite(Persistent @event) : this([@event])
    {
    }

    /// <summary>A write of some events.</summary>
    /// <exception cref="ArgumentException">There is none, they belong to more than one id, or their numbers do not follow on each
    /// other.</exception>
    public AtomicWrite(IReadOnlyList<Persistent> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0) throw new ArgumentException("an atomic write has at least one event", nameof(payload));
        var first = payload[0];
        for (var i = 1; i < payload.Count; i++)
        {
            var next = payload[i];
            if (next.PersistenceId != first.PersistenceId)
            {
                throw new ArgumentException(
                    $"an atomic write is of one persistence id, not of [{first.PersistenceId}] and [{next.PersistenceId}]",
                    nameof(payload));
            }

            if (next.SequenceNr != first.SequenceNr + i)
            {
                throw new ArgumentException(
                    $"event {next.SequenceNr} of [{first.PersistenceId}] cannot follow {payload[i - 1].SequenceNr}", nameof(payload));
            }
        }

        Payload = payload;
    }

    /// <summary>The events in order.</summary>
    public IReadOnlyList<Persistent> Payload { get; }

    /// <summary>How many.</summary>
    public int Size => Payload.Count;

    /// <summary>Whose they are.</summary>
    public string PersistenceId => Payload[0].PersistenceId;

    /// <summary>The first number.</summary>
    public long LowestSequenceNr => Payload[0].SequenceNr;

    /// <summary>The last number.</summary>
    public long HighestSequenceNr => Payload[^1].SequenceNr;

    /// <inheritdoc/>
    public override string ToString() => $"AtomicWrite([{PersistenceId}] {LowestSequenceNr}..{HighestSequenceNr})";
}
