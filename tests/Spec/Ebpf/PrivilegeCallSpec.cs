using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The rest of each family of the privilege concern, what is refused to who has no rights, and the 32-bit entry.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PrivilegeCallSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly string _program;

    public PrivilegeCallSpec() => _program = CProgram.Compile("entries", _probe.Folder, "-pthread");

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_other_calls_for_ids_have_the_same_fields(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var seen = Of(ring, Run("ids").Pid, EventKind.SetId);
        Assert.Equal("setregid setgid setfsgid setreuid setuid", Join(seen, CallFields.SystemCall));
        Assert.Equal("2001 2003 2003 2003 2003", Join(seen, CallFields.NewGid));
        Assert.Equal("2002 2003 2003 2003 2003", Join(seen, CallFields.NewEgid));
        Assert.Equal("2002 2003 2004 2004 2004", Join(seen, CallFields.NewFsgid));
        Assert.Equal("0 0 0 3001 3002", Join(seen, CallFields.NewUid));
        Assert.Equal("0 0 0 0 3002", Join(seen, CallFields.NewEuid));
        Assert.Equal("0000000000000000", seen[^1][CallFields.NewCapPermitted]);
        Assert.NotEqual("0000000000000000", seen[0][CallFields.NewCapPermitted]);
    }

    [Fact]
    public void Who_seizes_a_process_and_writes_into_it_is_told()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var (pid, target) = Run("tracing");
        var seen = Of(ring, pid, EventKind.Ptrace);
        var requests = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "PTRACE_SEIZE PTRACE_POKETEXT PTRACE_SETREGS" : "PTRACE_SEIZE PTRACE_POKETEXT";
        Assert.Equal(requests, Join(seen, CallFields.Request));
        Assert.All(seen, e => Assert.Equal((target.ToString(CultureInfo.InvariantCulture), "0", "success", "ptrace"),
            (e[CallFields.TargetProcessId], e[CallFields.TargetUid], e[CallFields.Result], e[CallFields.SystemCall])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_newer_calls_for_mounts_are_told_with_names_of_any_bytes(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var (pid, hasAttributes) = Run("mounts", _probe.Folder);
        var seen = Of(ring, pid, EventKind.Mount);
        byte[] place = [.. Encoding.UTF8.GetBytes(_probe.Folder), .. "/m"u8, 0xff, .. "\nt"u8];
        Assert.Equal("mount mount mount_setattr move_mount" + (hasAttributes == 1 ? " open_tree_attr" : ""), Join(seen, CallFields.SystemCall));
        foreach (var e in seen.Skip(1)) Assert.Equal(place, e.Fields["MountTarget"]);
        Assert.Equal(("MOUNT_ATTR_RDONLY", "success"), (seen[2][CallFields.Flags], seen[2][CallFields.Result]));
        if (hasAttributes == 1) Assert.Equal(("MOUNT_ATTR_RDONLY", "success"), (seen[4][CallFields.Flags], seen[4][CallFields.Result]));
        foreach (var e in Of(ring, pid, EventKind.Umount)) Assert.Equal(place, e.Fields["MountTarget"]);
    }

    [Fact]
    public void A_thread_s_new_name_one_that_is_written_and_what_prctl_takes_away_are_told()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var seen = Of(ring, Run("names").Pid, EventKind.Prctl);
        Assert.Equal("PR_SET_NAME PR_SET_NAME PR_SET_NO_NEW_PRIVS PR_CAPBSET_DROP PR_SET_CHILD_SUBREAPER", Join(seen, CallFields.Request));
        Assert.Equal("a-thread by-file - - -", Join(seen, CallFields.NewName));
        Assert.Equal("entries entries - - -", Join(seen, CallFields.OldName));
        Assert.NotEqual(seen[0].Key.Pid, seen[0].ThreadId);
        Assert.Equal(("0x1", "0x16", "0x1"), (seen[2][CallFields.Argument1], seen[3][CallFields.Argument1], seen[4][CallFields.Argument1]));
    }

    [Fact]
    public void Signals_to_one_s_own_and_those_that_only_ask_are_left_out()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var (pid, target) = Run("signals");
        var seen = Of(ring, pid, EventKind.Kill);
        Assert.Equal("SIGUSR1 SIGUSR2 SIGKILL", Join(seen, CallFields.Signal));
        Assert.All(seen, e => Assert.Equal((target, "3001"), (e.Target.Pid, e[CallFields.TargetUid])));
    }

    [Fact]
    public void What_is_refused_to_who_has_no_rights_is_told_with_the_error()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        var pid = Run("denied").Pid;
        EventKind[] kinds = [EventKind.Bpf, EventKind.Mount, EventKind.Umount, EventKind.Unshare, EventKind.PivotRoot, EventKind.VmWrite, EventKind.Ptrace];
        foreach (var kind in kinds) Assert.All(Of(ring, pid, kind), e => Assert.Equal((kind, "EPERM"), (kind, e[CallFields.Result])));
        var module = Assert.Single(Of(ring, pid, EventKind.Module));
        Assert.Equal(("init_module", "denied=1"), (module[CallFields.SystemCall], module[CallFields.Parameters]));
        Assert.Contains(module[CallFields.Result], new[] { "EPERM", "ENOSYS" });
        Assert.Equal("chroot pivot_root", Join(Of(ring, pid, EventKind.PivotRoot), CallFields.SystemCall));
        Assert.Equal(1, Of(ring, pid, EventKind.Ptrace)[0].Target.Pid);
        var counters = ring.Maps.ReadCounters();
        foreach (var kind in kinds) Assert.Equal(counters[(RecordKind)kind].Seen, counters[(RecordKind)kind].Left);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_32_bit_entry_has_every_kind(bool typed)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "only x86 has the entry");
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var place = Directory.CreateDirectory(Path.Combine(_probe.Folder, "place")).FullName;
        var (pid, target) = Run("compat", place);
        List<SeenEvent> All(EventKind kind) => [.. Of(ring, pid, kind).Where(e => e[CallFields.Entry] == "compat")];
        Assert.Equal("mnt", Join(All(EventKind.Unshare), CallFields.Namespaces));
        var mounts = All(EventKind.Mount);
        Assert.Equal(("by-32 by-32", $"{place} {place}", "tmpfs tmpfs", "MS_NOSUID -"), (Join(mounts, CallFields.MountSource), Join(mounts, CallFields.MountTarget),
            Join(mounts, CallFields.MountType), Join(mounts, CallFields.Flags)));
        var umounts = All(EventKind.Umount);
        Assert.Equal(("umount umount2", $"{place} {place}", "- MNT_DETACH"),
            (Join(umounts, CallFields.SystemCall), Join(umounts, CallFields.MountTarget), Join(umounts, CallFields.Flags)));
        var roots = All(EventKind.PivotRoot);
        Assert.Equal(("pivot_root chroot", $"{place} {place}"), (Join(roots, CallFields.SystemCall), Join(roots, CallFields.NewRoot)));
        Assert.Equal("by=32", Join(All(EventKind.Module), CallFields.Parameters));
        Assert.Equal("BPF_MAP_CREATE", Join(All(EventKind.Bpf), CallFields.Request));
        Assert.Equal("net", Join(All(EventKind.Setns), CallFields.Namespaces));
        Assert.Equal("PTRACE_SEIZE", Join(All(EventKind.Ptrace), CallFields.Request));
        Assert.Equal(target, All(EventKind.Ptrace)[0].Target.Pid);
        Assert.Equal(target, Assert.Single(All(EventKind.VmWrite)).Target.Pid);
        Assert.Equal("PR_SET_DUMPABLE", Join(All(EventKind.Prctl), CallFields.Request));
        Assert.Contains(Of(ring, pid, EventKind.Prctl), e => e[CallFields.NewName] == "name-by-32");
        Assert.Equal("EFAULT", Join(All(EventKind.Capset), CallFields.Result));
        Assert.Equal("SIGUSR1 SIGUSR2 SIGKILL", Join(Of(ring, pid, EventKind.Kill), CallFields.Signal));
        var ids = All(EventKind.SetId);
        Assert.Equal(("setgid setuid32", "2001 2001", "0 3001"), (Join(ids, CallFields.SystemCall), Join(ids, CallFields.NewGid), Join(ids, CallFields.NewUid)));
    }

    private static string Join(IEnumerable<SeenEvent> seen, FieldId field) => string.Join(' ', seen.Select(e => e[field] ?? "-"));

    private static List<SeenEvent> Of(LiveRing ring, int pid, EventKind kind)
    {
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == pid);
        return ring.WaitFor(kind.ToString(), e => e.Kind == kind && e.Key.Pid == pid);
    }

    /// <summary>Runs the program; the number that it says, or 0.</summary>
    private (int Pid, int Said) Run(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(_program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return (process.Id, said.Length == 0 ? 0 : int.Parse(said, CultureInfo.InvariantCulture));
    }
}
