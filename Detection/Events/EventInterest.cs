namespace Picket.Detection.Events;

/// <summary>What rules ask for, so that what nobody asks for is not carried further. Immutable.</summary>
public sealed class EventInterest
{
    private readonly ulong[] _kinds = new ulong[(byte.MaxValue + 1) / 64];

    /// <summary>Makes the interest in <paramref name="kinds"/>.</summary>
    public EventInterest(params ReadOnlySpan<EventKind> kinds)
    {
        foreach (var kind in kinds) _kinds[(int)kind >> 6] |= 1UL << ((int)kind & 63);
    }

    /// <summary>Interest in every kind, as for a replay.</summary>
    public static EventInterest Everything { get; } = new(Enum.GetValues<EventKind>());

    /// <summary>Whether a rule wants events of <paramref name="kind"/>.</summary>
    public bool Wants(EventKind kind) => (_kinds[(int)kind >> 6] & (1UL << ((int)kind & 63))) != 0; // hot
}
