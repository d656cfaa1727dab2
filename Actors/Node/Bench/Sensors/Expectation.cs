namespace Picket.Node.Bench.Sensors;

/// <summary>The event that an operation should have made, and in which it is known again.</summary>
/// <param name="Kind">The event's kind.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="FromNs">Boot time before which it cannot have happened; of a process, before which that cannot have begun.</param>
/// <param name="ToNs">Boot time after which it cannot.</param>
internal readonly record struct Expectation(string Kind, string Subject, ulong FromNs, ulong ToNs)
{
    /// <summary>Whether <paramref name="seen"/>, of the same kind and subject, is the one. Names and ports are used again.</summary>
    public bool IsMetBy(ExportedEvent seen)
    {
        var time = Kind.StartsWith("process_", StringComparison.Ordinal) ? seen.StartNs : seen.TimeNs;
        return time >= FromNs && time <= ToNs;
    }
}
