using System.Text.Json;

namespace Picket.Spec.Live;

/// <summary>Rules that see only what these tests start, and how to read their alerts.</summary>
internal static class FaultRules
{
    /// <summary>The rule that every process called <c>match</c> fires.</summary>
    public const string MatchId = "0f9b1c52-7d6c-4a0e-9a52-6a6c5a2f4c11";

    /// <summary>The rule that takes too long on twenty thousand letters a.</summary>
    public const string HostileId = "6f1b7f0e-1f0c-4d55-9d0a-3f6d1b8f2a90";

    public const string Match = $$"""
        title: A Test's Own Process
        id: {{MatchId}}
        status: test
        logsource: { product: linux, category: process_creation }
        detection:
          selection_folder: { Image|startswith: ['/tmp/picket-live-', '/tmp/picket-cli-'] }
          selection_name: { Image|endswith: '/match' }
          condition: all of selection_*
        level: low
        """;

    /// <summary>The rule that the end of every process called <c>match</c> fires.</summary>
    public const string MatchEndId = "c4a3e6b0-52f7-4c53-8d52-7f0f3f1b3c77";

    public const string MatchEnd = $$"""

        ---
        title: The End of a Test's Own Process
        id: {{MatchEndId}}
        status: test
        logsource: { product: linux, category: process_termination }
        detection:
          selection_folder: { Image|startswith: ['/tmp/picket-live-', '/tmp/picket-cli-'] }
          selection_name: { Image|endswith: '/match' }
          condition: all of selection_*
        level: low
        """;

    /// <summary>The rule that a line of sshd with the word needle fires.</summary>
    public const string NeedleId = "5b6de6d7-8d3a-4a0f-9f0b-6b7d5b1a9e07";

    public const string Needle = $$"""

        ---
        title: A Needle of sshd
        id: {{NeedleId}}
        status: test
        logsource: { product: linux, service: sshd }
        detection: { keywords: [needle], condition: keywords }
        level: high
        """;

    /// <summary>A correlation that hears of every match, never fires and lets the rule alert by itself.</summary>
    public const string Never = $$"""

        ---
        title: More Than There Are
        id: 3d1a8f5c-0c43-4a53-8d8e-0d7a4c5b9e21
        status: test
        correlation:
          type: event_count
          rules: [{{MatchId}}]
          group-by: [User]
          timespan: 1h
          condition: { gte: 65535 }
          generate: true
        """;

    public const string Hostile = $$"""

        ---
        title: A Rule That Takes Too Long
        id: {{HostileId}}
        status: test
        logsource: { product: linux, category: process_creation }
        detection:
          selection_folder: { Image|startswith: ['/tmp/picket-live-', '/tmp/picket-cli-'] }
          selection_regex: { CommandLine|re: '(?:(a+)+)\1b!$' }
          condition: all of selection_*
        level: low
        """;

    /// <summary>Writes rules to a file below /tmp, which the caller deletes.</summary>
    public static string Write(string text)
    {
        var folder = Directory.CreateTempSubdirectory("picket-rules-").FullName;
        File.WriteAllText(Path.Combine(folder, "rules.yml"), text);
        return folder;
    }

    public static string RuleOf(JsonElement alert) => alert.GetProperty("rule").GetProperty("id").GetString()!;

    public static JsonElement NoticeOf(JsonElement alert) => alert.GetProperty("picket").GetProperty("notice");

    /// <summary>The last argument of the alert's process when it is a number: the load's own processes.</summary>
    public static int? NumberOf(JsonElement alert) =>
        RuleOf(alert) is MatchId or MatchEndId && alert.GetProperty("process").TryGetProperty("args", out var args) && int.TryParse(args[args.GetArrayLength() - 1].GetString(), out var number)
            ? number
            : null;
}
