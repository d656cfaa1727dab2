using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Node.RuleTests;

/// <summary>One expectation of a rule: events, and whether it matches them, or fires over them where it is a correlation.</summary>
/// <param name="File">The file that it is written in.</param>
/// <param name="At">Where.</param>
/// <param name="Name">What people call it; its place where it has no name.</param>
/// <param name="Rule">The id, name or title of the rule that is meant; null for any of the rule's file.</param>
/// <param name="Match">
/// Whether the events are to match: each that is written in the case, and one at least of a file. Of a correlation: whether it is to fire.
/// </param>
/// <param name="Count">How many of the events match, or how often a correlation fires, exactly; null when that is not said.</param>
/// <param name="Groups">
/// The groups that a correlation fires for, each with some names of <c>group-by</c> and their values, null for a field that the group's
/// events do not have; null when that is not said.
/// </param>
/// <param name="Inline">Events that are written in the case, each as JSON or as a line of a log.</param>
/// <param name="EventFile">The file that the events are in; null when they are written in the case.</param>
internal sealed record RuleTestCase(
    string File,
    Place At,
    string Name,
    string? Rule,
    bool Match,
    int? Count,
    IReadOnlyList<IReadOnlyList<KeyValuePair<string, string?>>>? Groups,
    IReadOnlyList<byte[]> Inline,
    string? EventFile);
