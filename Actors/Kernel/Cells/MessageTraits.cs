namespace Picket.Actors.Cells;

/// <summary>What the kernel must know of a type of message before it hands one over.</summary>
[Flags]
internal enum MessageTraits : byte
{
    None = 0,

    /// <summary>Handled by the kernel first.</summary>
    Auto = 1,

    /// <summary>Given back after handling.</summary>
    Lease = 2,

    /// <summary>Does not count as activity.</summary>
    Quiet = 4,
}
