using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>event.category</c>, <c>event.type</c> and <c>event.action</c> of what Sigma calls a category.</summary>
internal sealed record CategoryTable(string Category, string Type, string Action, string? SecondType = null, string? Outcome = null)
{
    internal string[] Types => SecondType is null ? [Type] : [Type, SecondType];

    private static readonly Dictionary<string, CategoryTable> BySigmaName = new(StringComparer.Ordinal)
    {
        ["process_creation"] = new("process", "start", "exec"),
        ["process_termination"] = new("process", "end", "exit"),
        ["process_access"] = new("process", "access", "process-access"),
        ["process_tampering"] = new("process", "change", "process-tampering"),
        ["create_remote_thread"] = new("process", "change", "remote-thread"),
        ["network_connection"] = new("network", "connection", "connection"),
        ["network_attempt"] = new("network", "connection", "connection-attempted", "start"),
        ["network_refused"] = new("network", "connection", "connection-failed", "denied", "failure"),
        ["network_bind"] = new("network", "info", "bound"),
        ["network_listen"] = new("network", "info", "listening"),
        ["dns_query"] = new("network", "protocol", "dns-query"),
        ["dns_answer"] = new("network", "protocol", "dns-answer"),
        ["file_event"] = new("file", "creation", "creation"),
        ["file_change"] = new("file", "change", "modification"),
        ["file_delete"] = new("file", "deletion", "deletion"),
        ["file_rename"] = new("file", "change", "rename"),
        ["file_access"] = new("file", "access", "open"),
        ["file_link"] = new("file", "creation", "link"),
        ["file_symlink"] = new("file", "creation", "symlink"),
        ["file_mode"] = new("file", "change", "mode"),
        ["file_owner"] = new("file", "change", "owner"),
        ["file_node"] = new("file", "creation", "node"),
        ["directory_create"] = new("file", "creation", "directory-creation"),
        ["directory_delete"] = new("file", "deletion", "directory-deletion"),
        ["io_uring"] = new("process", "info", "io-uring"),
        ["setid"] = new("process", "change", "setid"),
        ["capset"] = new("process", "change", "capset"),
        ["memfd_create"] = new("file", "creation", "memfd-create"),
        ["bpf"] = new("process", "info", "bpf"),
        ["mount"] = new("host", "change", "mount"),
        ["umount"] = new("host", "change", "umount"),
        ["unshare"] = new("process", "change", "unshare"),
        ["setns"] = new("process", "change", "setns"),
        ["pivot_root"] = new("process", "change", "change-root"),
        ["kill"] = new("process", "access", "signal"),
        ["prctl"] = new("process", "change", "prctl"),
        ["system_call"] = new("process", "info", "system-call"),
        ["registry_add"] = new("registry", "creation", "registry-add"),
        ["registry_delete"] = new("registry", "deletion", "registry-delete"),
        ["registry_set"] = new("registry", "change", "registry-set"),
        ["registry_event"] = new("registry", "change", "registry-event"),
        ["image_load"] = new("library", "start", "load"),
        ["driver_load"] = new("driver", "start", "load"),
        ["pipe_created"] = new("file", "creation", "pipe-created"),
        ["ps_script"] = new("process", "info", "script-block"),
        ["ps_module"] = new("process", "info", "module-log"),
        ["wmi_event"] = new("configuration", "change", "wmi-event"),
    };

    private static readonly CategoryTable Fork = new("process", "start", "fork");
    private static readonly CategoryTable Opened = new("file", "change", "open-for-writing");
    private static readonly CategoryTable Truncated = new("file", "change", "truncation");
    private static readonly CategoryTable Connect = new("network", "connection", "connected", "start", "success");
    private static readonly CategoryTable Accept = new("network", "connection", "accepted", "start", "success");
    private static readonly CategoryTable Datagram = new("network", "connection", "datagram", "start");
    private static readonly CategoryTable Line = new("host", "info", "log-line");
    private static readonly CategoryTable Audit = new("host", "info", "audit-record");
    private static readonly CategoryTable Unknown = new("host", "info", "event");
    private static readonly Dictionary<byte, string> Names = InternNames();

    /// <summary>What the record's kind says, else the log source that it names.</summary>
    internal static CategoryTable Of(in EventRecord record, out string name)
    {
        name = NameOf(record);
        return record.Kind switch
        {
            EventKind.ProcessFork => Fork,
            EventKind.FileOpen => Opened,
            EventKind.FileTruncate => Truncated,
            EventKind.NetworkConnect => Connect,
            EventKind.NetworkAccept => Accept,
            EventKind.NetworkDatagram => Datagram,
            EventKind.LogLine => Line,
            EventKind.AuditRecord => Audit,
            _ => BySigmaName.GetValueOrDefault(name, Unknown),
        };
    }

    /// <summary>Sigma's name of the record's category; empty when it has none.</summary>
    private static string NameOf(in EventRecord record) => record.Kind switch
    {
        EventKind.ProcessCreation => "process_creation",
        EventKind.ProcessTermination => "process_termination",
        EventKind.ProcessFork => "process_fork",
        EventKind.LogLine => "log_line",
        EventKind.AuditRecord => "audit_record",
        _ => Names.GetValueOrDefault(record.Route.Category, ""),
    };

    private static Dictionary<byte, string> InternNames()
    {
        var names = new Dictionary<byte, string>();
        foreach (var name in BySigmaName.Keys) names[EventRouteTable.Intern(name)] = name;
        return names;
    }
}
