namespace Picket.Sensors.Ebpf.Records;

/// <summary>One object file of programs with its own generation. The numbers are frozen (enum concern in bpf/events.h).</summary>
public enum Concern
{
    /// <summary>Exec, fork, exit.</summary>
    Process = 0,

    /// <summary>Files.</summary>
    File = 1,

    /// <summary>Connections.</summary>
    Network = 2,

    /// <summary>DNS queries and answers.</summary>
    Dns = 3,

    /// <summary>Credentials, modules, ptrace and the like.</summary>
    Privilege = 4,

    /// <summary>Work submitted by io_uring.</summary>
    Uring = 5,

    /// <summary>Hands system calls to the programs of other concerns.</summary>
    Syscall = 6,
}
