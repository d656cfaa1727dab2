namespace Picket.Detection.Events.Journal;

/// <summary>
/// When written bytes are made to survive a power cut. A process that dies, however it dies, loses nothing under any policy.
/// </summary>
public enum SyncPolicy
{
    /// <summary>Never by us: a power cut loses what the kernel had not written back, some thirty seconds.</summary>
    None = 0,

    /// <summary>At a fixed interval, off the writer's path: a power cut loses at most about one interval.</summary>
    Interval = 1,

    /// <summary>Before each append is said to be done: a power cut loses nothing that was acknowledged.</summary>
    Each = 2,
}
