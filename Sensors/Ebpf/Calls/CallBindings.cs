using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>The system calls that the programs of each concern handle.</summary>
internal static class CallBindings
{
    private static readonly CallBinding[] Privilege =
    [
        new("call_setid", RecordKind.SetId, CallEdge.Exit, "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
            "setgroups", "setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32", "setgroups32"),
        new("call_setfsid", RecordKind.SetId, CallEdge.Exit, "setfsuid", "setfsgid", "setfsuid32", "setfsgid32"),
        new("call_capset", RecordKind.Capset, CallEdge.Exit, "capset"),
        new("call_ptrace", RecordKind.Ptrace, CallEdge.Exit, "ptrace"),
        new("call_vm_write", RecordKind.VmWrite, CallEdge.Exit, "process_vm_writev"),
        new("call_memfd", RecordKind.Memfd, CallEdge.Exit, "memfd_create"),
        new("call_init_module", RecordKind.Module, CallEdge.Exit, "init_module"),
        new("call_finit_module", RecordKind.Module, CallEdge.Exit, "finit_module"),
        new("call_bpf", RecordKind.Bpf, CallEdge.Exit, "bpf"),
        new("call_mount", RecordKind.Mount, CallEdge.Exit, "mount"),
        new("call_move_mount", RecordKind.Mount, CallEdge.Exit, "move_mount"),
        new("call_mount_setattr", RecordKind.Mount, CallEdge.Exit, "mount_setattr", "open_tree_attr"),
        new("call_fsmount", RecordKind.Mount, CallEdge.Exit, "fsmount"),
        new("call_umount", RecordKind.Umount, CallEdge.Exit, "umount", "umount2"),
        new("call_unshare", RecordKind.Unshare, CallEdge.Exit, "unshare"),
        new("call_setns", RecordKind.Setns, CallEdge.Exit, "setns"),
        new("call_pivot_root", RecordKind.PivotRoot, CallEdge.Exit, "pivot_root"),
        new("call_chroot", RecordKind.PivotRoot, CallEdge.Exit, "chroot"),
        new("call_kill", RecordKind.Kill, CallEdge.Exit, "kill", "tkill"),
        new("call_tgkill", RecordKind.Kill, CallEdge.Exit, "tgkill"),
        new("call_sigqueue", RecordKind.Kill, CallEdge.Exit, "rt_sigqueueinfo"),
        new("call_tgsigqueue", RecordKind.Kill, CallEdge.Exit, "rt_tgsigqueueinfo"),
        new("call_pidfd_signal", RecordKind.Kill, CallEdge.Exit, "pidfd_send_signal"),
        new("call_prctl", RecordKind.Prctl, CallEdge.Exit, "prctl"),
    ];

    private static readonly CallBinding[] Network =
    [
        new("call_accept", RecordKind.Accept, CallEdge.Exit, "accept", "accept4"),
        new("call_listen", RecordKind.Listen, CallEdge.Exit, "listen"),
        new("call_socketcall", RecordKind.None, CallEdge.Exit, "socketcall"),
    ];

    private static readonly HashSet<string> OwnNames = [.. Privilege.SelectMany(binding => binding.Names)];

    /// <summary>The lane of a concern; null for one that handles no system calls.</summary>
    public static CallLane? LaneOf(Concern concern) => concern switch
    {
        Concern.File => CallLane.File,
        Concern.Privilege => CallLane.Privilege,
        Concern.Network => CallLane.Network,
        _ => null,
    };

    /// <summary>What the programs of a concern handle.</summary>
    /// <param name="concern">The concern.</param>
    /// <param name="asked">Calls that rules name: those without a kind of their own are seen only when asked for, since each that
    /// is looked at costs its callers.</param>
    public static IReadOnlyList<CallBinding> Of(Concern concern, IReadOnlyCollection<string> asked) => concern switch
    {
        Concern.File => FileCalls.Bindings,
        Concern.Network => Network,
        Concern.Privilege =>
        [
            .. Privilege,
            new CallBinding("call_other", RecordKind.Call, CallEdge.Exit, [.. asked.Where(name => !OwnNames.Contains(name)).Order()]),
        ],
        _ => [],
    };

    /// <summary>The kind under which the privilege concern reports a call.</summary>
    public static RecordKind KindOf(string call) =>
        Privilege.FirstOrDefault(binding => binding.Names.Contains(call))?.Kind ?? RecordKind.Call;
}
