namespace Picket.Detection.Events;

/// <summary>What rules for <c>auditd</c> ask for.</summary>
/// <param name="Types">Types of records.</param>
/// <param name="Calls">Names of system calls, beside executions.</param>
/// <param name="Keys">Keys of audit rules.</param>
public sealed record AuditInterest(AuditTypes Types, IReadOnlySet<string> Calls, IReadOnlySet<string> Keys)
{
    /// <summary>Nothing is asked for.</summary>
    public static AuditInterest None { get; } = new(AuditTypes.None, new HashSet<string>(), new HashSet<string>());

    /// <summary>Which files records of type PATH are made of when something is done to them; null for all.</summary>
    public PathFilter? Paths { get; init; }

    /// <summary>What either of two asks for.</summary>
    public AuditInterest With(AuditInterest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new AuditInterest(Types | other.Types, Calls.Union(other.Calls).ToHashSet(), Keys.Union(other.Keys).ToHashSet())
        {
            // One that makes no such records has no say in which.
            Paths = !Types.HasFlag(AuditTypes.Path) ? other.Paths : !other.Types.HasFlag(AuditTypes.Path) ? Paths
                : Paths is { } some && other.Paths is { } others ? new EitherPath(some, others) : null,
        };
    }

    private sealed class EitherPath(PathFilter one, PathFilter other) : PathFilter
    {
        public override bool MayBeAsked(ReadOnlySpan<byte> path) => one.MayBeAsked(path) || other.MayBeAsked(path); // hot
    }
}
