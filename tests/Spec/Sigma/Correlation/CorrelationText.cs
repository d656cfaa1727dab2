using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>Texts of correlation rules over three rules called a, b and c.</summary>
internal static class CorrelationText
{
    public const string Rules = """
        title: A
        name: a
        id: 00000000-0000-4000-8000-00000000000a
        logsource: { product: test }
        detection: { s: { Kind: a }, condition: s }
        level: low
        ---
        title: B
        name: b
        id: 00000000-0000-4000-8000-00000000000b
        logsource: { product: test }
        detection: { s: { Kind: b }, condition: s }
        level: high
        ---
        title: C
        name: c
        id: 00000000-0000-4000-8000-00000000000c
        logsource: { product: test }
        detection: { s: { Kind: c }, condition: s }

        """;

    /// <summary>The three rules and one whose section <c>correlation</c> starts in line 3 of its document, indented by two.</summary>
    public static string With(string correlation, string header = "") =>
        $"{Rules}---\n{Document(correlation, header)}";

    public static string Document(string correlation, string header = "") =>
        $"title: t\n{(header.Length > 0 ? header + "\n" : "")}correlation:\n{string.Join('\n', correlation.Split('\n').Select(line => "  " + line))}\n";

    /// <summary>The set of such texts, which must be without error.</summary>
    public static SigmaRuleSet Load(params string[] documents)
    {
        var text = Rules + string.Concat(documents.Select(document => $"---\n{document}"));
        var set = SigmaRuleSet.Parse(text, "rules.yml");
        Assert.True(set.Errors.Count == 0, $"{string.Join("\n", set.Errors)}\n{text}");
        return set;
    }
}
