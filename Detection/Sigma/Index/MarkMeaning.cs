namespace Picket.Detection.Sigma.Index;

/// <summary>What it says of an atom that a value marked it, or none did.</summary>
internal enum MarkMeaning : byte
{
    /// <summary>Marked is yes, not marked is no.</summary>
    Holds,

    /// <summary>Marked has to be asked, not marked is no.</summary>
    MayHold,

    /// <summary>It is never marked and has to be asked.</summary>
    Nothing,
}
