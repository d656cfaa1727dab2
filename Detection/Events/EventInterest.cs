namespace Picket.Detection.Events;

/// <summary>What rules ask for, so that what nobody asks for is not carried further. Immutable.</summary>
public sealed class EventInterest
{
    private readonly UInt128 _kinds;

    /// <summary>Makes the interest in <paramref name="kinds"/>.</summary>
    public EventInterest(params ReadOnlySpan<EventKind> kinds)
    {
        foreach (var kind in kinds) _kinds |= Bit(kind);
    }

    private EventInterest(UInt128 kinds) => _kinds = kinds;

    /// <summary>Interest in every kind, as for a replay.</summary>
    public static EventInterest Everything { get; } = new(Enum.GetValues<EventKind>());

    /// <summary>Which files are of interest when they are only read.</summary>
    public NameInterest Read { get; init; } = NameInterest.All;

    /// <summary>What rules for <c>auditd</c> ask for.</summary>
    public AuditInterest Audit { get; init; } = AuditInterest.None;

    /// <summary>Names of system calls that rules of the category <c>system_call</c> name.</summary>
    public IReadOnlySet<string> Calls { get; init; } = new HashSet<string>();

    /// <summary>Whether a rule wants events of <paramref name="kind"/>.</summary>
    public bool Wants(EventKind kind) => (_kinds & Bit(kind)) != UInt128.Zero; // hot

    /// <summary>The same, and <paramref name="kinds"/> as well; of the files that are read still only those that rules ask for.</summary>
    public EventInterest With(IEnumerable<EventKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var all = _kinds;
        foreach (var kind in kinds) all |= Bit(kind);
        var audit = (all & ~_kinds & Bit(EventKind.AuditRecord)) == UInt128.Zero ? Audit : Audit with { Paths = null };
        return new EventInterest(all) { Read = Read, Audit = audit, Calls = Calls };
    }

    /// <summary>What either of two asks for: nothing that one of them wants is missing.</summary>
    public EventInterest With(EventInterest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new EventInterest(_kinds | other._kinds)
        {
            Read = Read.With(other.Read), Audit = Audit.With(other.Audit), Calls = Calls.Union(other.Calls).ToHashSet(),
        };
    }

    private static UInt128 Bit(EventKind kind) => UInt128.One << (int)kind;
}
