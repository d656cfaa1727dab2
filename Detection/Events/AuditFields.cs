namespace Picket.Detection.Events;

/// <summary>The fields of audit records, as auditd names them.</summary>
public static class AuditFields
{
    /// <summary>The record's type, such as <c>SYSCALL</c> or <c>EXECVE</c>.</summary>
    public static readonly FieldId Type = FieldTable.Intern("type");

    /// <summary><c>kernel</c> for a record made of a kernel event, <c>log</c> for a line of auditd's log.</summary>
    public static readonly FieldId Source = FieldTable.Intern("AuditSource");

    /// <summary>The name of the system call.</summary>
    public static readonly FieldId SyscallName = FieldTable.Intern("SYSCALL");

    /// <summary>Its number.</summary>
    public static readonly FieldId Syscall = FieldTable.Intern("syscall");

    /// <summary>The number table of the call, as auditd prints it: <c>c000003e</c>, <c>40000003</c> or <c>c00000b7</c>.</summary>
    public static readonly FieldId Arch = FieldTable.Intern("arch");

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    public static readonly FieldId Success = FieldTable.Intern("success");

    /// <summary>What the call returned.</summary>
    public static readonly FieldId Exit = FieldTable.Intern("exit");

    /// <summary>Number of arguments of an executed program.</summary>
    public static readonly FieldId ArgumentCount = FieldTable.Intern("argc");

    /// <summary>The keys of the audit rules that the record fits, one value each.</summary>
    public static readonly FieldId Key = FieldTable.Intern("key");

    /// <summary>The path of a PATH record.</summary>
    public static readonly FieldId Name = FieldTable.Intern("name");

    /// <summary>What happened to the name: <c>NORMAL</c>, <c>CREATE</c> or <c>DELETE</c>.</summary>
    public static readonly FieldId NameType = FieldTable.Intern("nametype");

    /// <summary>The number of the PATH record in its event.</summary>
    public static readonly FieldId Item = FieldTable.Intern("item");

    /// <summary>The file's inode number.</summary>
    public static readonly FieldId Inode = FieldTable.Intern("inode");

    /// <summary>The file's device, as <c>major:minor</c> in hexadecimal.</summary>
    public static readonly FieldId Device = FieldTable.Intern("dev");

    /// <summary>The file's type and permissions, octal.</summary>
    public static readonly FieldId Mode = FieldTable.Intern("mode");

    /// <summary>The file's owner.</summary>
    public static readonly FieldId OwnerUid = FieldTable.Intern("ouid");

    /// <summary>The file's group.</summary>
    public static readonly FieldId OwnerGid = FieldTable.Intern("ogid");

    /// <summary>The working directory.</summary>
    public static readonly FieldId Directory = FieldTable.Intern("cwd");

    /// <summary>The executable.</summary>
    public static readonly FieldId Exe = FieldTable.Intern("exe");

    /// <summary>The thread's name.</summary>
    public static readonly FieldId Comm = FieldTable.Intern("comm");

    /// <summary>The process id.</summary>
    public static readonly FieldId Pid = FieldTable.Intern("pid");

    /// <summary>The parent's process id.</summary>
    public static readonly FieldId ParentPid = FieldTable.Intern("ppid");

    /// <summary>The login user id; 4294967295 when unset.</summary>
    public static readonly FieldId AuditUid = FieldTable.Intern("auid");

    /// <summary>The real user id.</summary>
    public static readonly FieldId Uid = FieldTable.Intern("uid");

    /// <summary>The real group id.</summary>
    public static readonly FieldId Gid = FieldTable.Intern("gid");

    /// <summary>The effective user id.</summary>
    public static readonly FieldId EffectiveUid = FieldTable.Intern("euid");

    /// <summary>The saved user id.</summary>
    public static readonly FieldId SavedUid = FieldTable.Intern("suid");

    /// <summary>The file system user id.</summary>
    public static readonly FieldId FsUid = FieldTable.Intern("fsuid");

    /// <summary>The effective group id.</summary>
    public static readonly FieldId EffectiveGid = FieldTable.Intern("egid");

    /// <summary>The saved group id.</summary>
    public static readonly FieldId SavedGid = FieldTable.Intern("sgid");

    /// <summary>The file system group id.</summary>
    public static readonly FieldId FsGid = FieldTable.Intern("fsgid");

    /// <summary>The controlling terminal; <c>(none)</c> without one.</summary>
    public static readonly FieldId Terminal = FieldTable.Intern("tty");

    /// <summary>The audit session; 4294967295 when unset.</summary>
    public static readonly FieldId Session = FieldTable.Intern("ses");

    private static readonly FieldId[] Arguments = [.. Enumerable.Range(0, 64).Select(index => FieldTable.Intern($"a{index}"))];

    /// <summary>
    /// Argument <paramref name="index"/>: of an executed program as it is, of a system call in hexadecimal. Beyond the sixty-fourth no rule
    /// asks by name: those are found by keywords.
    /// </summary>
    public static FieldId Argument(int index) => index < Arguments.Length ? Arguments[index] : FieldId.Unnamed; // hot
}
