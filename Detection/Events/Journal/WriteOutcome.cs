namespace Picket.Detection.Events.Journal;

/// <summary>How a write to a file ended. A result and not an exception: a full disk is a state that lasts, not an event.</summary>
public enum WriteOutcome
{
    /// <summary>All bytes were taken by the file system.</summary>
    Done = 0,

    /// <summary>The disk, the quota or the file size limit is used up; some of the bytes may be in the file.</summary>
    NoSpace = 1,

    /// <summary>The device or the file system failed; some of the bytes may be in the file.</summary>
    Failed = 2,
}
