namespace Picket.Detection.Sigma.Check;

/// <summary>What the check says of one rule, or of a document that is none.</summary>
/// <param name="File">The rule's file.</param>
/// <param name="Line">Where the rule starts, from 1; 0 when unknown.</param>
/// <param name="Id">The rule's id; empty for one that does not load.</param>
/// <param name="Title">The rule's title; empty for one that does not load.</param>
/// <param name="Verdict">Whether it can fire.</param>
/// <param name="Reasons">Why not fully; empty for <see cref="RuleVerdict.CanFire"/>.</param>
/// <param name="FedBy">By what it is fed, the nearest first; empty where it needs what this program has no sensor for.</param>
public sealed record CheckedRule(
    string File, int Line, string Id, string Title, RuleVerdict Verdict, IReadOnlyList<CheckReason> Reasons,
    IReadOnlyList<RuleFeed> FedBy);
