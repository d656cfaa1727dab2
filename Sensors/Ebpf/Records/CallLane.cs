namespace Picket.Sensors.Ebpf.Records;

/// <summary>The order in which concerns look at a system call (enum call_lane in bpf/events.h).</summary>
internal enum CallLane
{
    /// <summary>Files.</summary>
    File = 0,

    /// <summary>Credentials, modules, ptrace and the like.</summary>
    Privilege = 1,

    /// <summary>Connections.</summary>
    Network = 2,

    /// <summary>DNS.</summary>
    Dns = 3,
}
