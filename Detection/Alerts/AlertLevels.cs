namespace Picket.Detection.Alerts;

/// <summary>The words and numbers of <see cref="AlertLevel"/>.</summary>
public static class AlertLevels
{
    /// <summary>The level that a rule's word means; medium where it says none that we know.</summary>
    public static AlertLevel Parse(string? word) => word?.ToLowerInvariant() switch
    {
        "informational" => AlertLevel.Informational,
        "low" => AlertLevel.Low,
        "high" => AlertLevel.High,
        "critical" => AlertLevel.Critical,
        _ => AlertLevel.Medium,
    };

    /// <summary>The level's word, lower case.</summary>
    public static string Word(AlertLevel level) => level switch
    {
        AlertLevel.Informational => "informational",
        AlertLevel.Low => "low",
        AlertLevel.High => "high",
        AlertLevel.Critical => "critical",
        _ => "medium",
    };

    /// <summary>ECS <c>event.severity</c>, 0 to 100, on the scale that common detection consoles sort by.</summary>
    public static int Severity(AlertLevel level) => level switch
    {
        AlertLevel.Informational => 5,
        AlertLevel.Low => 21,
        AlertLevel.High => 73,
        AlertLevel.Critical => 99,
        _ => 47,
    };
}
