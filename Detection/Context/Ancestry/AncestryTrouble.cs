namespace Picket.Detection.Context.Ancestry;

/// <summary>The ancestry cannot be read or written; it is tried again.</summary>
/// <param name="Reason">What the store said.</param>
internal sealed record AncestryTrouble(string Reason);
