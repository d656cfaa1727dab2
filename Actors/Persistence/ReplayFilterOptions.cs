namespace Picket.Actors.Persistence;

/// <summary>How recoveries look for two writers under one persistence id.</summary>
public sealed record ReplayFilterOptions
{
    /// <summary>What is done about them.</summary>
    public ReplayFilterMode Mode { get; init; } = ReplayFilterMode.RepairByDiscardOld;

    /// <summary>Events that are held back, so that those of an older writer can still be left out; 1 or more.</summary>
    public int WindowSize { get; init; } = 100;

    /// <summary>Older writers that are remembered; 1 or more.</summary>
    public int MaxOldWriters { get; init; } = 10;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOldWriters, 1);
    }
}
