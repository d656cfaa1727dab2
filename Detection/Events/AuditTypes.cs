namespace Picket.Detection.Events;

/// <summary>The types of audit records that can be made of kernel events.</summary>
[Flags]
public enum AuditTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The arguments of an executed program.</summary>
    Execve = 1,

    /// <summary>A system call, with who made it.</summary>
    Syscall = 2,

    /// <summary>A path that a system call was about.</summary>
    Path = 4,

    /// <summary>The working directory.</summary>
    Cwd = 8,

    /// <summary>All of them.</summary>
    All = Execve | Syscall | Path | Cwd,
}
