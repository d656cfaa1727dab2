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
}
