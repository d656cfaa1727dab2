namespace Picket.Spec.Sigma;

/// <summary>Texts of rules.</summary>
internal static class SigmaText
{
    /// <summary>A rule whose detection starts at line 5, indented by two.</summary>
    public static string Rule(string detection, string extra = "") =>
        "title: t\nlogsource:\n  product: test\ndetection:\n"
        + string.Join('\n', detection.Split('\n').Select(line => "  " + line)) + "\n" + extra;
}
