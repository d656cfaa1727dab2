namespace Picket.Detection.Events;

/// <summary>
/// Identifies a process within one boot of one host: the thread group's id and its leader's start time. A pid alone is
/// reused within seconds on a busy host; the pair is not.
/// </summary>
/// <param name="StartNs">Boot time in nanoseconds at which the group leader started (task_struct.start_boottime).</param>
/// <param name="Pid">The thread group id in the initial pid namespace.</param>
public readonly record struct ProcessKey(ulong StartNs, int Pid)
{
    /// <summary>The key of no process.</summary>
    public static ProcessKey None => default;

    /// <summary>Whether the key names no process.</summary>
    public bool IsNone => Pid == 0 && StartNs == 0;

    /// <summary>A hash that spreads neighbouring pids over shards; stable over runs, so that replays shard alike.</summary>
    public uint Spread => (uint)(((StartNs * 0x9E3779B97F4A7C15UL) ^ ((ulong)(uint)Pid * 0xC2B2AE3D27D4EB4FUL)) >> 32);

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Pid}-{StartNs}");
}
