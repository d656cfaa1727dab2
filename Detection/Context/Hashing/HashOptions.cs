namespace Picket.Detection.Context.Hashing;

/// <summary>How executables are hashed.</summary>
public sealed record HashOptions
{
    /// <summary>Which hashes; one at least.</summary>
    public HashAlgorithms Algorithms { get; init; } = HashAlgorithms.All;

    /// <summary>A larger file has no hashes; bytes, from 1.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that are hashed in a second on average, from 1; after a pause as many may go at once, and one file more.</summary>
    public long BytesPerSecond { get; init; } = 16L << 20;

    /// <summary>Files whose hashes are remembered, from 1.</summary>
    public int CacheEntries { get; init; } = 4096;

    /// <summary>Files that may wait, from 1; what comes beyond has no hashes.</summary>
    public int MaxQueue { get; init; } = 256;

    /// <summary>Executions that may wait for hashes that a rule asks for, from 1; what comes beyond is matched without them.</summary>
    public int MaxAwaiting { get; init; } = 512;

    /// <summary>Whether files are read that another host or program serves, and that may never answer.</summary>
    public bool Remote { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfEqual(Algorithms & HashAlgorithms.All, HashAlgorithms.None, nameof(Algorithms));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFileBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CacheEntries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueue, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAwaiting, 1);
    }
}
