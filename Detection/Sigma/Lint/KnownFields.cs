using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Check;

namespace Picket.Detection.Sigma.Lint;

/// <summary>
/// The fields that events of Sigma's categories have on any system: Sysmon's, PowerShell's, and those of Picket's own sensors.
/// </summary>
internal static class KnownFields
{
    private static readonly string[] Common =
    [
        "EventID", "Channel", "Provider_Name", "Computer", "ComputerName", "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image",
        "User", "EventType", "Hashes", "Imphash", "md5", "sha1", "sha256",
    ];

    private static readonly string[] Version = ["FileVersion", "Description", "Product", "Company", "OriginalFileName"];

    private static readonly string[] Parent =
        ["ParentImage", "ParentCommandLine", "ParentProcessId", "ParentProcessGuid", "ParentUser", "CommandLine", "CurrentDirectory"];

    private static readonly string[] Signature = ["Signed", "Signature", "SignatureStatus"];

    private static readonly string[] TwoProcesses =
    [
        "SourceProcessGuid", "SourceProcessGUID", "SourceProcessId", "SourceThreadId", "SourceImage", "SourceUser", "TargetProcessGuid",
        "TargetProcessGUID", "TargetProcessId", "TargetImage", "TargetUser",
    ];

    private static readonly string[] File =
        ["TargetFilename", "CreationUtcTime", "PreviousCreationUtcTime", "IsExecutable", "Archived", "SourceFilename", "FileName"];

    private static readonly Dictionary<string, HashSet<string>> Windows = new(StringComparer.Ordinal)
    {
        ["process_creation"] =
            Of([.. Version, .. Parent, "LogonGuid", "LogonId", "TerminalSessionId", "IntegrityLevel"]),
        ["process_termination"] = Of(Parent),
        ["process_tampering"] = Of(["Type"]),
        ["process_access"] = Of([.. TwoProcesses, "GrantedAccess", "CallTrace"]),
        ["create_remote_thread"] = Of([.. TwoProcesses, .. Parent, "NewThreadId", "StartAddress", "StartModule", "StartFunction"]),
        ["driver_load"] = Of([.. Signature, "ImageLoaded"]),
        ["image_load"] = Of([.. Signature, .. Version, .. Parent, "ImageLoaded"]),
        ["raw_access_thread"] = Of(["Device"]),
        ["file_event"] = Of([.. File, .. Parent]),
        ["file_change"] = Of([.. File, .. Parent]),
        ["file_delete"] = Of([.. File, .. Parent]),
        ["file_rename"] = Of([.. File, .. Parent, .. Version]),
        ["file_access"] = Of([.. File, .. Parent]),
        ["file_executable_detected"] = Of(File),
        ["file_block_executable"] = Of(File),
        ["create_stream_hash"] = Of([.. File, "Hash", "Contents"]),
        ["registry_event"] = Of(["TargetObject", "Details", "NewName", .. Parent]),
        ["registry_set"] = Of(["TargetObject", "Details", "NewName", .. Parent]),
        ["registry_add"] = Of(["TargetObject", "Details", "NewName", .. Parent]),
        ["registry_delete"] = Of(["TargetObject", "Details", "NewName", .. Parent]),
        ["registry_rename"] = Of(["TargetObject", "Details", "NewName", .. Parent]),
        ["pipe_created"] = Of(["PipeName", .. Parent]),
        ["wmi_event"] = Of(["Operation", "EventNamespace", "Name", "Query", "Type", "Destination", "Consumer", "Filter"]),
        ["dns_query"] = Of(["QueryName", "QueryType", "QueryStatus", "QueryResults", .. Parent]),
        ["network_connection"] = Of([.. Parent, "Protocol", "Initiated", "SourceIsIpv6", "SourceIp", "SourceHostname", "SourcePort",
            "SourcePortName", "DestinationIsIpv6", "DestinationIp", "DestinationHostname", "DestinationPort", "DestinationPortName"]),
        ["ps_script"] = Of(["ScriptBlockText", "ScriptBlockId", "Path", "MessageNumber", "MessageTotal"]),
        ["ps_module"] = Of(["ContextInfo", "UserData", "Payload"]),
    };

    /// <summary>The fields of a log source's events; null where they are not known.</summary>
    public static IReadOnlySet<string>? Of(SigmaLogSource source)
    {
        if (source.Category is not { } category) return null;
        return source.Product switch
        {
            "linux" => SensorTable.Linux.Categories.GetValueOrDefault(category) is { } own
                ? Windows.TryGetValue(category, out var sysmon) ? new HashSet<string>([.. own, .. sysmon], StringComparer.Ordinal) : own
                : null,
            "windows" => Windows.GetValueOrDefault(category),
            _ => null,
        };
    }

    private static HashSet<string> Of(IEnumerable<string> fields) => new([.. Common, .. fields], StringComparer.Ordinal);
}
