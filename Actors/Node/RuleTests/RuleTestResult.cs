using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>What became of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Passed">Whether it is as expected.</param>
/// <param name="Problem">What is not; null when it passed.</param>
/// <param name="Rule">The rule that was asked about the event of <paramref name="Trial"/>.</param>
/// <param name="Trial">The first answer that was not expected; null where none is to blame.</param>
/// <param name="Correlations">The correlations that were asked; empty where the case is about single events.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record RuleTestResult(
    RuleTestCase Case, bool Passed, string? Problem, SigmaRule? Rule, RuleTrial? Trial, IReadOnlyList<CorrelationTrial> Correlations,
    TimeSpan Elapsed);
