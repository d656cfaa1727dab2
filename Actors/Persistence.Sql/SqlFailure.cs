namespace Picket.Actors.Persistence.Sql;

/// <summary>Why a store could not do what it was asked. What is corrupt or foreign is a JournalCorruptException
/// instead, another writer's number a JournalConflictException.</summary>
public enum SqlFailure
{
    /// <summary>None of the others; the message says what the database said.</summary>
    Other = 0,

    /// <summary>The disk, or the bound that the options set, has no room left. Writing goes on when there is room again.</summary>
    Full = 1,

    /// <summary>The file, its folder or the server takes no writes.</summary>
    ReadOnly = 2,

    /// <summary>Another process, or another store of this one, has the file.</summary>
    Locked = 3,

    /// <summary>The schema was made by a newer version of this program.</summary>
    NewerSchema = 4,

    /// <summary>The server could not be reached within the time limit. Whether the last write is stored is not known.</summary>
    Unreachable = 5,

    /// <summary>The device or the file system failed.</summary>
    Device = 6,

    /// <summary>The database refuses this user.</summary>
    Refused = 7,

    /// <summary>The server is set up so that it may lose what it has acknowledged.</summary>
    NotDurable = 8,

    /// <summary>The store is closed.</summary>
    Closed = 9,

    /// <summary>A part of the system is missing: the SQLite library.</summary>
    Missing = 10,
}
