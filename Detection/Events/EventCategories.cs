namespace Picket.Detection.Events;

/// <summary>The Sigma category of each kind, on every system: Sysmon's where it has one, else a name of its own.</summary>
public static class EventCategories
{
    private static readonly (EventKind Kind, string Category)[] Table =
    [
        (EventKind.ProcessCreation, "process_creation"),
        (EventKind.ProcessFork, "process_fork"),
        (EventKind.ProcessTermination, "process_termination"),
        (EventKind.ProcessSnapshot, "process_snapshot"),
        (EventKind.FileCreate, "file_event"),
        (EventKind.FileOpen, "file_event"),
        (EventKind.FileModify, "file_change"),
        (EventKind.FileAccess, "file_access"),
        (EventKind.FileDelete, "file_delete"),
        (EventKind.FileRename, "file_rename"),
        (EventKind.FileLink, "file_link"),
        (EventKind.FileSymlink, "file_symlink"),
        (EventKind.DirectoryCreate, "directory_create"),
        (EventKind.DirectoryDelete, "directory_delete"),
        (EventKind.FileMode, "file_mode"),
        (EventKind.FileOwner, "file_owner"),
        (EventKind.FileTruncate, "file_change"),
        (EventKind.FileNode, "file_node"),
        (EventKind.NetworkConnect, "network_connection"),
        (EventKind.NetworkAccept, "network_connection"),
        (EventKind.NetworkAttempt, "network_attempt"),
        (EventKind.NetworkRefused, "network_refused"),
        (EventKind.NetworkBind, "network_bind"),
        (EventKind.NetworkListen, "network_listen"),
        (EventKind.NetworkDatagram, "network_connection"),
        (EventKind.DnsQuery, "dns_query"),
        (EventKind.DnsAnswer, "dns_answer"),
        (EventKind.SetId, "setid"),
        (EventKind.Capset, "capset"),
        (EventKind.Ptrace, "process_access"),
        (EventKind.VmWrite, "process_access"),
        (EventKind.Memfd, "memfd_create"),
        (EventKind.Module, "driver_load"),
        (EventKind.Bpf, "bpf"),
        (EventKind.Mount, "mount"),
        (EventKind.Umount, "umount"),
        (EventKind.Unshare, "unshare"),
        (EventKind.Setns, "setns"),
        (EventKind.PivotRoot, "pivot_root"),
        (EventKind.Kill, "kill"),
        (EventKind.Prctl, "prctl"),
        (EventKind.Call, "system_call"),
        (EventKind.Uring, "io_uring"),
    ];

    private static readonly string?[] ByKind = Fill();

    /// <summary>The category of <paramref name="kind"/>; null for a kind whose records name their own log source.</summary>
    public static string? Of(EventKind kind) => ByKind[(int)kind];

    /// <summary>
    /// Whether events of <paramref name="kind"/> go ahead of all others under load: those that change what is known of a process,
    /// modules, and connections. The others come in bulk, and may wait on disk.
    /// </summary>
    public static bool IsCritical(EventKind kind) => // hot
        kind is < EventKind.FileCreate or EventKind.NetworkConnect or EventKind.SetId or EventKind.Capset or EventKind.Module;

    private static string?[] Fill()
    {
        var byKind = new string?[256];
        foreach (var (kind, category) in Table) byKind[(int)kind] = category;
        return byKind;
    }
}
