using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Node.RuleTests;

/// <summary>One expectation of a rule: events, and whether it matches them.</summary>
/// <param name="File">The file that it is written in.</param>
/// <param name="At">Where.</param>
/// <param name="Name">What people call it; its place where it has no name.</param>
/// <param name="Rule">The id, name or title of the rule that is meant; null for any of the rule's file.</param>
/// <param name="Match">Whether the events are to match: each that is written in the case, and one at least of a file.</param>
/// <param name="Count">How many of the events match, exactly; null when that is not said.</param>
/// <param name="Inline">Events that are written in the case, each as JSON or as a line of a log.</param>
/// <param name="EventFile">The file that the events are in; null when they are written in the case.</param>
internal sealed record RuleTestCase(
    string File,
    Place At,
    string Name,
    string? Rule,
    bool Match,
    int? Count,
    IReadOnlyList<byte[]> Inline,
    string? EventFile);
