namespace Picket.Detection.Events.Journal;

/// <summary>How an append to a journal ended. Anything but <see cref="Done"/> left the journal as it was.</summary>
public enum AppendOutcome
{
    /// <summary>The record is in the journal, and durable as far as the policy says.</summary>
    Done = 0,

    /// <summary>The journal's own bound is reached and no segment could be given up: a reader lags.</summary>
    Full = 1,

    /// <summary>The disk is full.</summary>
    NoSpace = 2,

    /// <summary>The device or the file system failed.</summary>
    Failed = 3,
}
