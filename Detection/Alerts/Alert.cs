namespace Picket.Detection.Alerts;

/// <summary>One finished alert: bytes that sinks write as they are, and the few values that policy asks for.</summary>
public sealed class Alert
{
    internal Alert(StableId id, string ruleId, AlertLevel level, long timeNs, StableId likeness, string text, ReadOnlyMemory<byte> line)
    {
        Id = id;
        RuleId = ruleId;
        Level = level;
        TimeNs = timeNs;
        Likeness = likeness;
        Text = text;
        Line = line;
    }

    /// <summary>ECS <c>event.id</c>: the same events and the same rule always give the same.</summary>
    public StableId Id { get; }

    /// <summary>The rule behind it.</summary>
    public string RuleId { get; }

    /// <summary>How bad it is.</summary>
    public AlertLevel Level { get; }

    /// <summary>When the event happened: nanoseconds since 1970 UTC.</summary>
    public long TimeNs { get; }

    /// <summary>
    /// The same for alerts of one rule about one process with the same matched values; zero for an alert that is like no other.
    /// </summary>
    public StableId Likeness { get; }

    /// <summary>One readable line without time and level, free of control characters.</summary>
    public string Text { get; }

    /// <summary>The ECS document as one line of UTF-8 JSON, without the line feed.</summary>
    public ReadOnlyMemory<byte> Line { get; }

    /// <summary>Whether the node says it of itself: never suppressed and never rate-limited.</summary>
    public bool IsNotice { get; internal init; }
}
