namespace Picket.Sensors.Ebpf;

/// <summary>A change of one of the sensor's own maps or links by somebody else, as the hook on system calls noted it.</summary>
/// <param name="TimeNs">Boot time in nanoseconds, just after the change.</param>
/// <param name="Pid">The process.</param>
/// <param name="Comm">The thread's name.</param>
/// <param name="Command">The command of bpf(2), such as <c>BPF_LINK_DETACH</c>.</param>
public sealed record ObjectTouch(ulong TimeNs, int Pid, string Comm, string Command)
{
    /// <summary>The map; empty for a link.</summary>
    public string Map { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Command} by process {Pid} ({Comm})";
}
