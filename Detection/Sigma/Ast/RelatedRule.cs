namespace Picket.Detection.Sigma.Ast;

/// <summary>A rule that this one is related to.</summary>
/// <param name="Id">The other rule's id.</param>
/// <param name="Type">derived, obsolete, merged, renamed or similar.</param>
public sealed record RelatedRule(string Id, string Type);
