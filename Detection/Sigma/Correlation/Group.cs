namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// One group: a circular run of occurrences in the order of their times. It holds those of the newest window, and before them those
/// that windows which end within the lateness still need.
/// </summary>
internal struct Group
{
    /// <summary>The keyed hash of the group's values.</summary>
    public ulong Hash;

    /// <summary>The newest occurrence's time.</summary>
    public long Newest;

    /// <summary>Windows that end before this do not fire: their group has.</summary>
    public long SilentUntil;

    /// <summary>The block of the group's values, and their bytes.</summary>
    public int Key, KeyLength;

    /// <summary>The block of occurrences, where they start in it, and how many there are.</summary>
    public int Ring, Head, Count;

    /// <summary>How many of them are older than the newest window.</summary>
    public int Before;

    /// <summary>The neighbours in the order of the last arrivals; -1 at the ends.</summary>
    public int Older, Newer;

    /// <summary>The logarithms of the blocks' sizes.</summary>
    public byte KeyLog, RingLog;
}
