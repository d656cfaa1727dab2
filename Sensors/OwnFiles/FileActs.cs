namespace Picket.Sensors.OwnFiles;

/// <summary>What was done to a file. The kernel adds up what one process does to one file between two looks.</summary>
[Flags]
public enum FileActs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its content was changed: written, truncated.</summary>
    Written = 1,

    /// <summary>It was open for writing and was closed: without <see cref="Written"/> nothing was written by a call.</summary>
    Opened = 2,

    /// <summary>It was made.</summary>
    Created = 4,

    /// <summary>It was removed.</summary>
    Deleted = 8,

    /// <summary>It has another name or place now.</summary>
    RenamedAway = 16,

    /// <summary>A file was renamed to it, over what was there.</summary>
    RenamedHere = 32,

    /// <summary>Its rights, owner, times or extended attributes were changed.</summary>
    Attributes = 64,

    /// <summary>Another folder lies in its place, and nobody removed or renamed the one before: something is mounted over it.</summary>
    Covered = 128,
}
