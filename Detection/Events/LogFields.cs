namespace Picket.Detection.Events;

/// <summary>The fields of log lines and audit records that Picket itself supplies or reads.</summary>
public static class LogFields
{
    /// <summary>The line without its header.</summary>
    public static readonly FieldId Message = FieldTable.Intern("message");

    /// <summary>The program that a syslog line names, such as <c>sshd</c>.</summary>
    public static readonly FieldId Program = FieldTable.Intern("program");

    /// <summary>The process id that the line names. Nothing vouches for it.</summary>
    public static readonly FieldId Pid = FieldTable.Intern("pid");

    /// <summary>The host that the line names.</summary>
    public static readonly FieldId Host = FieldTable.Intern("host");

    /// <summary>The syslog facility's name, such as <c>authpriv</c>.</summary>
    public static readonly FieldId Facility = FieldTable.Intern("facility");

    /// <summary>The syslog severity's name, such as <c>warning</c>.</summary>
    public static readonly FieldId Severity = FieldTable.Intern("severity");

    /// <summary>The systemd unit: of the writer in the journal, of the service in an audit record.</summary>
    public static readonly FieldId Unit = FieldTable.Intern("unit");

    /// <summary>The account that a sudo line was caused by.</summary>
    public static readonly FieldId User = FieldTable.Intern("user");

    /// <summary>An audit record's type, such as <c>SYSCALL</c> or <c>EXECVE</c>.</summary>
    public static readonly FieldId Type = FieldTable.Intern("type");

    /// <summary>The number that the records of one audit event share.</summary>
    public static readonly FieldId Serial = FieldTable.Intern("serial");

    /// <summary>The name of the system call of an audit record.</summary>
    public static readonly FieldId Syscall = FieldTable.Intern("SYSCALL");

    /// <summary>The executable of an audit record.</summary>
    public static readonly FieldId Exe = FieldTable.Intern("exe");

    /// <summary>The thread name of an audit record.</summary>
    public static readonly FieldId Comm = FieldTable.Intern("comm");

    /// <summary>The parent's process id of an audit record.</summary>
    public static readonly FieldId ParentPid = FieldTable.Intern("ppid");

    /// <summary>The real user id of an audit record.</summary>
    public static readonly FieldId Uid = FieldTable.Intern("uid");

    /// <summary>The effective user id of an audit record.</summary>
    public static readonly FieldId EffectiveUid = FieldTable.Intern("euid");

    /// <summary>The key of the audit rule that made the record.</summary>
    public static readonly FieldId Key = FieldTable.Intern("key");

    /// <summary>The path of a PATH record.</summary>
    public static readonly FieldId Name = FieldTable.Intern("name");
}
