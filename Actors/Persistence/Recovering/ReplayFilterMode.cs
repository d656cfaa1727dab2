namespace Picket.Actors.Persistence;

/// <summary>What a recovery does with events of two writers that wrote at the same time under one persistence id.</summary>
public enum ReplayFilterMode
{
    /// <summary>Fails.</summary>
    Fail,

    /// <summary>Warns and takes them all.</summary>
    Warn,

    /// <summary>Warns and leaves out what the older writer wrote after the newer had begun.</summary>
    RepairByDiscardOld,

    /// <summary>Does not look.</summary>
    Disabled,
}
