using Picket.Actors.Persistence.Serialization;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>How a <see cref="SqliteStore"/> behaves; checked once, when it opens.</summary>
public sealed record SqliteOptions
{
    /// <summary>The database file. It is made (0600) when it is not there; a file that is not ours is refused, never changed.</summary>
    public required string Path { get; init; }

    /// <summary>How events and snapshots become bytes.</summary>
    public EventSerializers Serializers { get; init; } = EventSerializers.Default;

    /// <summary>What a power cut may take.</summary>
    public SqliteDurability Durability { get; init; } = SqliteDurability.Full;

    /// <summary>How long a write waits for a lock that another program, such as a backup, holds on the file. Up to 1 hour.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes up to which a database is read through and checked (PRAGMA quick_check) when it opens; 0 for never.</summary>
    public long CheckUpToBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Bytes beyond which the write-ahead log is worked off and cut at once. Below, it is worked off as it fills. Only a foreign program
    /// that keeps a read transaction open can make it longer. At least 1 MiB.
    /// </summary>
    public long WalLimitBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that the database may have, without its log; beyond, writing fails with <see cref="SqlFailure.Full"/>. 0: any.
    /// </summary>
    public long MaxBytes { get; init; }

    /// <summary>Connections for reading, 1 to 64: so many histories are read at the same time.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>The clock that dates migrations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentNullException.ThrowIfNull(Serializers);
        ArgumentNullException.ThrowIfNull(Time);
        if (Path.StartsWith(':') || Path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"Path must name a file, not [{Path}]");
        if (!Enum.IsDefined(Durability)) throw new ArgumentException($"Durability must be Full or Normal, not {Durability}");
        if (BusyTimeout < TimeSpan.Zero || BusyTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException($"BusyTimeout must lie between 0 and 1 hour, not {BusyTimeout}");
        if (CheckUpToBytes < 0) throw new ArgumentException("CheckUpToBytes must not be negative");
        if (WalLimitBytes < 1 << 20) throw new ArgumentException($"WalLimitBytes must be at least 1 MiB, not {WalLimitBytes}");
        if (MaxBytes != 0 && MaxBytes < 64 << 10) throw new ArgumentException($"MaxBytes must be 0 or at least 64 KiB, not {MaxBytes}");
        if (Readers is < 1 or > 64) throw new ArgumentException($"Readers must lie between 1 and 64, not {Readers}");
    }
}
