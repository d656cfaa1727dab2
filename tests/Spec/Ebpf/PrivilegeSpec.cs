using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>Each kind of the privilege concern in the real kernel, with the typed programs and with their raw twins.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PrivilegeSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly string _program;

    public PrivilegeSpec() => _program = CProgram.Compile("privilege", _probe.Folder, "-pthread");

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_program_of_the_concern_loads(bool typed)
    {
        using var ring = LiveRing.Asking(typed, ["sysinfo"]);

        Assert.Empty(ring.Missing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Changes_of_ids_carry_the_new_ones_also_when_they_fail_and_no_change_is_no_event(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Play(ring, EventKind.SetId, 5, "setid");
        Assert.Equal("setgroups setresgid setfsuid setresuid setuid", Join(seen, CallFields.SystemCall));
        Assert.Equal("success success success success EPERM", Join(seen, CallFields.Result));
        Assert.Equal("0 2001 2001 2001 2001", Join(seen, CallFields.NewGid));
        Assert.Equal("0 2003 2003 2003 2003", Join(seen, CallFields.NewSgid));
        Assert.Equal("0 0 3004 3002 3002", Join(seen, CallFields.NewFsuid));
        Assert.Equal("0 0 0 3001 3001", Join(seen, CallFields.NewUid));
        Assert.Equal("0 0 0 3002 3002", Join(seen, CallFields.NewEuid));
        Assert.Equal("0 0 0 3003 3003", Join(seen, CallFields.NewSuid));
        Assert.Equal((3001u, 3002u, 3003u, 2002u), (seen[^1].Detail.Uid, seen[^1].Detail.EffectiveUid, seen[^1].Detail.SavedUid, seen[^1].Detail.EffectiveGid));
        Assert.Equal("0000000000000000", seen[3][CallFields.NewCapEffective]);
        Assert.Equal("privilege", seen[0][Fields.ThreadName]);
        Balance(ring, RecordKind.SetId);
    }

    [Fact]
    public void The_32_bit_entry_is_the_same_call()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "only x86 has the entry");
        using var ring = LiveRing.With(true, Concern.Privilege);
        var seen = Play(ring, EventKind.SetId, 1, "setid32");
        Assert.Equal(("setresuid32", "compat", "3001", "success"), (seen[0][CallFields.SystemCall], seen[0][CallFields.Entry], seen[0][CallFields.NewUid], seen[0][CallFields.Result]));
    }

    [Fact]
    public void A_thread_that_changes_its_own_ids_is_told_from_its_process()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var seen = Play(ring, EventKind.SetId, 1, "setid-thread");
        Assert.NotEqual(seen[0].Key.Pid, seen[0].ThreadId);
        Assert.Equal("4002", seen[0][CallFields.NewEuid]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Capset_tells_the_capabilities(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Play(ring, EventKind.Capset, 2, "capset");
        Assert.Equal("success EPERM", Join(seen, CallFields.Result));
        Assert.Equal("0000000000002000 0000000000002000", Join(seen, CallFields.NewCapEffective));
        Assert.Equal("0000000000000000 0000000000000000", Join(seen, CallFields.NewCapInheritable));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tracing_and_writing_into_memory_name_the_target_and_looks_into_it_are_left_out(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var (pid, target) = Start(ring, "trace");
        var seen = ring.WaitFor("ptrace", e => e.Kind == EventKind.Ptrace && (e.Key.Pid == pid || e[CallFields.Request] == "PTRACE_TRACEME"), 4);
        Assert.Equal("PTRACE_ATTACH PTRACE_POKEDATA PTRACE_SEIZE PTRACE_TRACEME", Join(seen, CallFields.Request));
        Assert.Equal("success success ESRCH success", Join(seen, CallFields.Result));
        Assert.Equal("0x10", seen[0][CallFields.GrantedAccess]);
        var born = ring.WaitFor("the target's fork", e => e.Kind == EventKind.ProcessFork && e.Key.Pid == target)[0];
        Assert.Equal(born.Key, seen[0].Target);
        Assert.Equal(born.Key, seen[1].Target);
        Assert.True(seen[2].Target.IsNone && seen[3].Target.IsNone);
        var write = ring.WaitFor("process_vm_writev", e => e.Kind == EventKind.VmWrite && e.Key.Pid == pid)[0];
        Assert.Equal((born.Key, "success", "0x20"), (write.Target, write[CallFields.Result], write[CallFields.GrantedAccess]));
        Balance(ring, RecordKind.Ptrace, RecordKind.VmWrite);
    }

    [Fact]
    public void A_denied_attach_is_told_with_its_target()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var (pid, target) = Start(ring, "trace-denied");
        var seen = ring.WaitFor("ptrace", e => e.Kind == EventKind.Ptrace && e.Key.Pid == pid)[0];
        Assert.Equal(("EPERM", target, "0"), (seen[CallFields.Result], seen.Target.Pid, seen[CallFields.TargetUid]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signal_to_another_users_process_is_told_however_it_is_sent(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var (pid, target) = Start(ring, "signals");
        var seen = ring.WaitFor("signals", e => e.Kind == EventKind.Kill && e.Key.Pid == pid, 7);
        Assert.Equal(["SIGALRM", "SIGKILL", "SIGUSR1", "SIGUSR1", "SIGUSR1", "SIGUSR2", "SIGUSR2"], seen.Select(e => e[CallFields.Signal]!).Order());
        Assert.All(seen, e => Assert.Equal((target, "3001"), (e.Target.Pid, e[CallFields.TargetUid])));
        Balance(ring, RecordKind.Kill);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signal_that_is_denied_is_told_as_well(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var (pid, target) = Start(ring, "signals-denied");
        var seen = ring.WaitFor("signals", e => e.Kind == EventKind.Kill && e.Key.Pid == pid && e[CallFields.Result] == "EPERM", 3);
        Assert.Equal("SIGUSR1 SIGUSR2 SIGALRM", Join(seen, CallFields.Signal));
        Assert.Equal("kill tgkill pidfd_send_signal", Join(seen, CallFields.SystemCall));
        Assert.All(seen, e => Assert.Equal(target, e.Target.Pid));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_module_that_is_refused_is_told_with_its_file_and_parameters(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Play(ring, EventKind.Module, 3, "modules", _probe.Folder);
        Assert.Equal("init_module finit_module finit_module", Join(seen, CallFields.SystemCall));
        Assert.All(seen, e => Assert.NotEqual("success", e[CallFields.Result]));
        Assert.Equal(("first=1", null), (seen[0][CallFields.Parameters], seen[0][CallFields.ImageLoaded]));
        Assert.Equal([.. Encoding.UTF8.GetBytes(_probe.Folder), .. "/m"u8, 0xFF, .. "\n.ko"u8], seen[1].Fields["ImageLoaded"]);
        Assert.Equal(("second=2", "MODULE_INIT_IGNORE_MODVERSIONS"), (seen[1][CallFields.Parameters], seen[1][CallFields.Flags]));
        Assert.Null(seen[2][CallFields.Parameters]);
        Balance(ring, RecordKind.Module);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bpf_tells_what_is_made_and_loaded_and_not_looks_into_maps(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Play(ring, EventKind.Bpf, 4, "bpf");
        Assert.Equal("BPF_MAP_CREATE BPF_PROG_LOAD BPF_OBJ_PIN BPF_MAP_CREATE", Join(seen, CallFields.Request));
        Assert.Equal(("picket_spec", "array"), (seen[0][CallFields.ObjectName], seen[0][CallFields.ObjectType]));
        Assert.Equal(("picket_bad", "kprobe"), (seen[1][CallFields.ObjectName], seen[1][CallFields.ObjectType]));
        Assert.Equal("/nowhere/picket-pin", seen[2][Fields.TargetFilename]);
        Assert.Equal("EFAULT", seen[3][CallFields.Result]);
        Balance(ring, RecordKind.Bpf);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mounts_namespaces_and_roots_are_told(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var pid = Run("mounts", _probe.Folder);
        var place = $"{_probe.Folder}/mnt";
        var unshared = Of(ring, EventKind.Unshare, pid, 1)[0];
        Assert.Equal("mnt|uts", unshared[CallFields.Namespaces]);
        var born = ring.WaitFor("its fork", e => e.Kind == EventKind.ProcessFork && e.Key.Pid == pid)[0];
        Assert.NotEqual(born.Detail.MountNamespace, unshared.Detail.MountNamespace);
        Assert.Equal(born.Detail.NetNamespace, unshared.Detail.NetNamespace);

        var mounts = Of(ring, EventKind.Mount, pid, 5);
        Assert.Equal("mount mount fsmount move_mount mount", Join(mounts, CallFields.SystemCall));
        Assert.Equal("none picket-source picket-new - picket-source", Join(mounts, CallFields.MountSource));
        Assert.Equal($"/ {place} - {place} /nowhere/picket", Join(mounts, CallFields.MountTarget));
        Assert.Equal("- tmpfs tmpfs - tmpfs", Join(mounts, CallFields.MountType));
        Assert.Equal("MS_REC|MS_PRIVATE MS_NOSUID|MS_NODEV MOUNT_ATTR_NOEXEC MOVE_MOUNT_F_EMPTY_PATH -", Join(mounts, CallFields.Flags));
        Assert.Equal("success success success success ENOENT", Join(mounts, CallFields.Result));

        var umounts = Of(ring, EventKind.Umount, pid, 2);
        Assert.Equal($"{place} {place}", Join(umounts, CallFields.MountTarget));
        Assert.Equal("MNT_DETACH -", Join(umounts, CallFields.Flags));
        var roots = Of(ring, EventKind.PivotRoot, pid, 2);
        Assert.Equal("pivot_root chroot", Join(roots, CallFields.SystemCall));
        Assert.Equal($"{place} {_probe.Folder}", Join(roots, CallFields.NewRoot));
        Balance(ring, RecordKind.Mount, RecordKind.Umount, RecordKind.Unshare, RecordKind.PivotRoot);
    }

    [Fact]
    public void A_namespace_that_is_entered_is_known_by_its_descriptor()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var pid = Run("namespaces");
        var seen = Of(ring, EventKind.Setns, pid, 2);
        Assert.Equal("uts net", Join(seen, CallFields.Namespaces));
        Assert.Equal("success", seen[0][CallFields.Result]);
        Assert.NotEqual("success", seen[1][CallFields.Result]);
        Assert.Equal("EINVAL", Of(ring, EventKind.Unshare, pid, 1)[0][CallFields.Result]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_new_name_comes_with_the_old_one_and_not_at_an_exec(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Play(ring, EventKind.Prctl, 2, "names");
        Assert.Equal("PR_SET_NAME PR_SET_DUMPABLE", Join(seen, CallFields.Request));
        Assert.Equal([(byte)'n', 0xFF, (byte)'\n', (byte)'m'], seen[0].Fields["NewName"]);
        Assert.Equal("privilege", seen[0][CallFields.OldName]);
        Assert.Equal("0x0", seen[1][CallFields.Argument1]);
        Balance(ring, RecordKind.Prctl);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Other_calls_are_seen_only_when_asked_for_by_name(bool typed)
    {
        using var ring = LiveRing.Asking(typed, ["sysinfo"]);
        var seen = Play(ring, EventKind.Call, 1, "others");
        Assert.All(seen, e => Assert.Equal("sysinfo", e[CallFields.SystemCall]));
        Assert.Equal("success", seen[0][CallFields.Result]);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Assert.Equal(("compat", "EFAULT"), (seen[1][CallFields.Entry], seen[1][CallFields.Result]));
    }

    private static string Join(IEnumerable<SeenEvent> seen, FieldId field) => string.Join(' ', seen.Select(e => e[field] ?? "-"));

    private static void Balance(LiveRing ring, params ReadOnlySpan<RecordKind> kinds)
    {
        var counters = ring.Maps.ReadCounters();
        foreach (var kind in kinds) Assert.Equal(counters[kind].Seen, counters[kind].Left);
    }

    private static List<SeenEvent> Of(LiveRing ring, EventKind kind, int pid, int count)
    {
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == pid);
        var seen = ring.WaitFor(kind.ToString(), e => e.Kind == kind && e.Key.Pid == pid, count);
        Assert.True(kind == EventKind.Call || seen.Count == count, $"{seen.Count} instead of {count}: {string.Join(' ', seen.Select(e => e[CallFields.SystemCall]))}");
        return seen;
    }

    private List<SeenEvent> Play(LiveRing ring, EventKind kind, int count, params string[] arguments) => Of(ring, kind, Run(arguments), count);

    private int Run(params string[] arguments)
    {
        var (pid, code) = _probe.Run(_program, arguments);
        Assert.Equal(0, code);
        return pid;
    }

    /// <summary>Runs one that names another process on its output.</summary>
    private (int Pid, int Other) Start(LiveRing ring, string what)
    {
        var start = new System.Diagnostics.ProcessStartInfo(_program, [what]) { RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var other = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == process.Id);
        return (process.Id, other);
    }
}
