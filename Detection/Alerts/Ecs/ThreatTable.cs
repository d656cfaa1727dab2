namespace Picket.Detection.Alerts.Ecs;

/// <summary>MITRE ATT&amp;CK's enterprise tactics under the names that Sigma tags use.</summary>
internal static class ThreatTable
{
    /// <summary>The framework's name, as ECS wants it.</summary>
    internal const string Framework = "MITRE ATT&CK";

    private static readonly Dictionary<string, (string Id, string Name)> Tactics = new(StringComparer.Ordinal)
    {
        ["reconnaissance"] = ("TA0043", "Reconnaissance"),
        ["resource-development"] = ("TA0042", "Resource Development"),
        ["initial-access"] = ("TA0001", "Initial Access"),
        ["execution"] = ("TA0002", "Execution"),
        ["persistence"] = ("TA0003", "Persistence"),
        ["privilege-escalation"] = ("TA0004", "Privilege Escalation"),
        ["defense-evasion"] = ("TA0005", "Defense Evasion"),
        ["credential-access"] = ("TA0006", "Credential Access"),
        ["discovery"] = ("TA0007", "Discovery"),
        ["lateral-movement"] = ("TA0008", "Lateral Movement"),
        ["collection"] = ("TA0009", "Collection"),
        ["command-and-control"] = ("TA0011", "Command and Control"),
        ["exfiltration"] = ("TA0010", "Exfiltration"),
        ["impact"] = ("TA0040", "Impact"),

        // The framework split Defense Evasion in two; rules in use name the old one and the new ones.
        ["stealth"] = ("TA0005", "Stealth"),
        ["defense-impairment"] = ("TA0112", "Defense Impairment"),
    };

    /// <summary>The tactic behind a tag's name, with hyphens or underscores; false for none.</summary>
    internal static bool TryTactic(string name, out (string Id, string Name) tactic) =>
        Tactics.TryGetValue(name.Replace('_', '-'), out tactic);
}
