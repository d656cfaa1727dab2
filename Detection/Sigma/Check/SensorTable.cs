namespace Picket.Detection.Sigma.Check;

/// <summary>What the sensors of a platform supply: categories with their fields, and log lines with theirs.</summary>
/// <param name="Platform">The name by which users choose it.</param>
/// <param name="Product">The <c>logsource.product</c> of its events.</param>
/// <param name="Categories">Per category the fields that its events can have.</param>
public sealed record SensorTable(string Platform, string Product, IReadOnlyDictionary<string, IReadOnlySet<string>> Categories)
{
    private static readonly string[] Process =
    [
        "Image", "CommandLine", "CurrentDirectory", "User", "LogonId", "TerminalSessionId", "LoginUser", "ProcessId", "ParentProcessId",
        "ParentImage", "ParentCommandLine", "ParentUser", "ProcessGuid", "ParentProcessGuid", "ContainerId", "ContainerRuntime", "PodUid",
    ];

    private static readonly string[] Hashes = ["Hashes", "md5", "sha1", "sha256"];

    private static readonly string[] ProcessCreation =
    [
        "Argv0", "Script", "Tty", "RootDirectory", "CgroupPath", "LdPreload", "LdLibraryPath", "LdAudit", "SshConnection", "ThreadName",
        "Provenance",
    ];

    private static readonly string[] File =
    [
        "TargetFilename", "PathSource", "FileFlags", "SystemCall", "RootDirectory", "FileInode", "FileDevice", "FileType",
        "FileMode", "FileOwner", "FileGroup", "FileSize",
    ];

    private static readonly string[] Call = ["SystemCall", "SystemCallEntry", "Result", "ThreadName"];

    private static readonly string[] Target =
        ["TargetImage", "TargetCommandLine", "TargetProcessId", "TargetProcessGUID", "TargetUser", "TargetUid", "TargetIsSensor",
            "TargetIsGuard"];

    private static HashSet<string> Calls(params ReadOnlySpan<string> own) => new([.. Process, .. Call, .. own], StringComparer.Ordinal);

    private static readonly string[] Ends =
    [
        "SourceIp", "SourcePort", "SourceIsIpv6", "DestinationIp", "DestinationPort", "DestinationIsIpv6", "Initiated", "Protocol",
        "NetworkNamespace",
    ];

    private static readonly string[] Connection = [.. Process, .. Ends, "SourceHostname", "DestinationHostname"];

    private static readonly string[] Waiting =
        [.. Process, "DestinationIp", "DestinationPort", "DestinationIsIpv6", "Protocol", "NetworkNamespace"];

    private static readonly string[] DnsAnswer =
        [.. Process, .. Ends, "QueryName", "QueryType", "QueryStatus", "QueryResults", "Unsolicited", "Malformed"];

    /// <summary>The eBPF sensor with the process context, and the logs.</summary>
    public static SensorTable Linux { get; } = new("linux", "linux", new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
    {
        ["process_creation"] = new HashSet<string>([.. Process, .. ProcessCreation, .. Hashes], StringComparer.Ordinal),
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
        ["process_termination"] = new HashSet<string>([.. Process, .. Hashes, "ExitCode", "ExitSignal"], StringComparer.Ordinal),
        ["file_event"] = OfFile("OpenFlags", "NewMode"),
        ["file_change"] = OfFile("SettledBy"),
        ["file_access"] = OfFile("OpenFlags"),
        ["file_delete"] = OfFile(),
        ["file_rename"] = OfFile("SourceFilename", "RenameFlags"),
        ["file_link"] = OfFile("SourceFilename"),
        ["file_symlink"] = OfFile("SourceFilename"),
        ["file_mode"] = OfFile("NewMode"),
        ["file_owner"] = OfFile("NewOwner", "NewGroup"),
        ["file_node"] = OfFile("NewMode"),
        ["directory_create"] = OfFile("NewMode"),
        ["directory_delete"] = OfFile(),
        ["io_uring"] = new HashSet<string>([.. Process, "SystemCall", "FileFlags"], StringComparer.Ordinal),
        ["network_connection"] = new HashSet<string>(Connection, StringComparer.Ordinal),
        ["network_attempt"] = new HashSet<string>(Connection, StringComparer.Ordinal),
        ["network_refused"] = new HashSet<string>([.. Connection, "ErrorName"], StringComparer.Ordinal),
        ["network_bind"] = new HashSet<string>(Waiting, StringComparer.Ordinal),
        ["network_listen"] = new HashSet<string>(Waiting, StringComparer.Ordinal),
        ["dns_query"] = new HashSet<string>(DnsAnswer, StringComparer.Ordinal),
        ["dns_answer"] = new HashSet<string>(DnsAnswer, StringComparer.Ordinal),
    })
    {
        HasLogs = true,
    };

    private static readonly HashSet<string> Line = new(
        [
            "message", "program", "pid", "host", "facility", "severity", "unit", "exe", "uid", "user", "HOST", "TTY", "CHROOT", "PWD",
            "USER", "GROUP", "TSID", "ENV", "EXIT", "SIGNAL", "COMMAND",
        ], StringComparer.Ordinal);

    /// <summary>Whether log files and the journal are read, and with them the lines of any service.</summary>
    public bool HasLogs { get; init; }

    /// <summary>
    /// The fields that records of a service can have; null for any, as an audit record has whatever its type and its writer put there.
    /// </summary>
    public static IReadOnlySet<string>? FieldsOf(string service) => service == "auditd" ? null : Line;

    /// <summary>Nothing yet: the Windows sensors are not part of this version.</summary>
    public static SensorTable Windows { get; } = new("windows", "windows",
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal));

    private static HashSet<string> OfFile(params IEnumerable<string> more) => new([.. Process, .. File, .. more], StringComparer.Ordinal);

    /// <summary>The table of a platform's name; null for one that is not known.</summary>
    public static SensorTable? Find(string platform) => platform switch
    {
        "linux" => Linux,
        "windows" => Windows,
        _ => null,
    };
}
