namespace Picket.Detection.Sigma.Check;

/// <summary>By what a rule is fed: the part of this program whose events it is asked about.</summary>
public enum RuleFeed
{
    /// <summary>The kernel's sensor of executions and exits.</summary>
    Process,

    /// <summary>The kernel's sensor of files.</summary>
    File,

    /// <summary>The kernel's sensor of connections.</summary>
    Network,

    /// <summary>The kernel's sensor of name queries.</summary>
    Dns,

    /// <summary>The kernel's sensor of what gives a process rights or reaches into another one.</summary>
    Privilege,

    /// <summary>The kernel's sensor of io_uring.</summary>
    Uring,

    /// <summary>Audit records that are made of what the kernel's sensors see, without auditd.</summary>
    Audit,

    /// <summary>Log files and the journal.</summary>
    Logs,

    /// <summary>auditd's own log; it is there where auditd runs.</summary>
    AuditLog,
}
