using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Check;

/// <summary>What the sensors of a platform supply: categories with their fields, and services.</summary>
/// <param name="Platform">The name by which users choose it.</param>
/// <param name="Product">The <c>logsource.product</c> of its events.</param>
/// <param name="Categories">Per category the fields that its events can have.</param>
public sealed record SensorTable(string Platform, string Product, IReadOnlyDictionary<string, IReadOnlySet<string>> Categories)
{
    private static readonly string[] Process =
    [
        "Image", "CommandLine", "CurrentDirectory", "User", "LogonId", "LoginUser", "ProcessId", "ParentProcessId", "ParentImage",
        "ParentCommandLine", "ParentUser", "ProcessGuid", "ParentProcessGuid",
    ];

    private static readonly string[] ProcessCreation =
    [
        "Argv0", "Script", "Tty", "RootDirectory", "CgroupPath", "LdPreload", "LdLibraryPath", "LdAudit", "SshConnection", "ThreadName",
        "Provenance",
    ];

    private static readonly string[] Call = ["SystemCall", "SystemCallEntry", "Result", "ThreadName"];

    private static readonly string[] Target =
        ["TargetImage", "TargetCommandLine", "TargetProcessId", "TargetProcessGUID", "TargetUser", "TargetUid", "TargetIsSensor"];

    private static HashSet<string> Calls(params ReadOnlySpan<string> own) => new([.. Process, .. Call, .. own], StringComparer.Ordinal);

    /// <summary>The eBPF sensor and the process context.</summary>
    public static SensorTable Linux { get; } = new("linux", "linux", new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
    {
        ["process_creation"] = new HashSet<string>([.. Process, .. ProcessCreation], StringComparer.Ordinal),
        ["setid"] = Calls("NewUid", "NewEuid", "NewSuid", "NewFsuid", "NewGid", "NewEgid", "NewSgid", "NewFsgid", "NewCapEffective",
            "NewCapPermitted", "NewCapInheritable", "OldUid", "OldEuid", "OldGid", "OldEgid", "OldUser", "OldCapEffective",
            "OldCapPermitted"),
        ["capset"] = Calls("NewCapEffective", "NewCapPermitted", "NewCapInheritable", "OldUid", "OldEuid", "OldGid", "OldEgid", "OldUser",
            "OldCapEffective", "OldCapPermitted"),
        ["process_access"] = Calls([.. Target, "Request", "GrantedAccess", "SourceImage", "SourceProcessId", "SourceProcessGUID",
            "SourceUser"]),
        ["memfd_create"] = Calls("TargetFilename", "Flags"),
        ["driver_load"] = Calls("ImageLoaded", "ModuleName", "Parameters", "Flags"),
        ["bpf"] = Calls("Request", "ObjectType", "ObjectName", "TargetFilename"),
        ["mount"] = Calls("MountSource", "MountTarget", "MountType", "Flags"),
        ["umount"] = Calls("MountTarget", "Flags"),
        ["unshare"] = Calls("Namespaces"),
        ["setns"] = Calls("Namespaces"),
        ["pivot_root"] = Calls("NewRoot", "OldRoot"),
        ["kill"] = Calls([.. Target, "Signal"]),
        ["prctl"] = Calls([.. Target, "Request", "NewName", "OldName", "Argument1", "Argument2", "Argument3", "Argument4"]),
        ["system_call"] = Calls("Argument0", "Argument1", "Argument2", "Argument3", "Argument4", "Argument5"),
        ["process_termination"] = new HashSet<string>([.. Process, "ExitCode", "ExitSignal"], StringComparer.Ordinal),
    })
    {
        HasAudit = true,
    };

    /// <summary>Whether audit records are made of the kernel's events.</summary>
    public bool HasAudit { get; init; }

    /// <summary>The fields that audit records of <paramref name="types"/> have when they are made of the kernel's events.</summary>
    public static IReadOnlySet<string> OfAudit(AuditTypes types)
    {
        var fields = new HashSet<string>(Process, StringComparer.Ordinal);
        fields.UnionWith(["type", "AuditSource", "exe", "pid", "ppid", "auid", "ses"]);
        fields.UnionWith(["uid", "euid", "suid", "fsuid", "gid", "egid", "sgid", "fsgid"]);
        if (types.HasFlag(AuditTypes.Execve)) fields.UnionWith(["argc", .. Enumerable.Range(0, 64).Select(index => $"a{index}")]);
        if (types.HasFlag(AuditTypes.Syscall))
            fields.UnionWith(["arch", "syscall", "SYSCALL", "success", "exit", "a0", "a1", "a2", "a3", "tty", "comm", "key"]);
        if (types.HasFlag(AuditTypes.Path)) fields.UnionWith(["item", "name", "nametype", "inode", "dev", "mode", "ouid", "ogid"]);
        if (types.HasFlag(AuditTypes.Cwd)) fields.Add("cwd");
        return fields;
    }

    /// <summary>Nothing yet: the Windows sensors are not part of this version.</summary>
    public static SensorTable Windows { get; } = new("windows", "windows",
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal));

    /// <summary>The table of a platform's name; null for one that is not known.</summary>
    public static SensorTable? Find(string platform) => platform switch
    {
        "linux" => Linux,
        "windows" => Windows,
        _ => null,
    };
}
