namespace Picket.Detection.Events;

/// <summary>What rules ask for, so that what nobody asks for is not carried further. Immutable.</summary>
public sealed class EventInterest
{
    private readonly uint _kinds;

    /// <summary>Makes the interest in <paramref name="kinds"/>.</summary>
    public EventInterest(params ReadOnlySpan<EventKind> kinds)
    {
        foreach (var kind in kinds) _kinds |= 1u << (int)kind;
    }

    /// <summary>Interest in every kind, as for a replay.</summary>
    public static EventInterest Everything { get; } = new(Enum.GetValues<EventKind>());

    /// <summary>Whether a rule wants events of <paramref name="kind"/>.</summary>
    public bool Wants(EventKind kind) => (_kinds & (1u << (int)kind)) != 0; // hot
}
