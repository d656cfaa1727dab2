namespace Picket.Detection.Context.Ancestry;

/// <summary>Whose ancestry it is, and how it is kept.</summary>
/// <param name="PersistenceId">The name of the history in the store: of this node alone.</param>
/// <param name="BootId">The running boot.</param>
/// <param name="Options">How.</param>
internal sealed record AncestrySetup(string PersistenceId, string BootId, AncestryOptions Options);
