namespace Picket.Node.RuleTests;

/// <summary>The tests of one file of rules, and what became of them.</summary>
/// <param name="RuleFile">The file of rules.</param>
/// <param name="Results">The cases, in their order.</param>
/// <param name="Elapsed">How long they took.</param>
internal sealed record RuleFileTests(string RuleFile, IReadOnlyList<RuleTestResult> Results, TimeSpan Elapsed);
