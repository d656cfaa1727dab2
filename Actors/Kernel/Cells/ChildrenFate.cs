namespace Picket.Actors.Cells;

/// <summary>What waits for the children that are stopping.</summary>
internal enum ChildrenFate
{
    /// <summary>Nothing.</summary>
    Living,

    /// <summary>The next incarnation of the parent.</summary>
    Recreation,

    /// <summary>The end of the parent; no child may be added.</summary>
    Termination,
}
