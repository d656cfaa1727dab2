namespace Picket.Sensors.Ebpf.Records;

/// <summary>The order in which concerns look at a system call (enum call_lane in bpf/events.h).</summary>
internal enum CallLane
{
    /// <summary>Credentials, modules, ptrace and the like.</summary>
    Privilege = 0,

    /// <summary>Connections.</summary>
    Network = 1,

    /// <summary>DNS.</summary>
    Dns = 2,

    /// <summary>Files: last, since their programs do not pass a call on.</summary>
    File = 3,
}
