using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>Every field of the exec record, for processes that the test starts.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class ExecRecordSpec : IDisposable
{
    private readonly LiveRing _ring = LiveRing.Private();
    private readonly Probe _probe = new();

    public void Dispose()
    {
        _ring.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void A_started_process_is_seen_whole_from_fork_to_exit()
    {
        var (pid, _) = _probe.Run(_probe.Path, ["first", "second"]);
        var (fork, exec, exit) = _ring.LifeOf(pid, _probe.Path);

        Assert.Equal(_probe.Path, exec[Fields.Image]);
        Assert.Equal($"{_probe.Path} first second", exec[Fields.CommandLine]);
        Assert.Equal([_probe.Path, "first", "second"], exec.Arguments.Select(Encoding.UTF8.GetString));
        Assert.Equal(_probe.Path, exec[Fields.Argv0]);
        Assert.Equal(_probe.Folder, exec[Fields.CurrentDirectory]);
        Assert.Equal("probe", exec[Fields.ThreadName]);
        Assert.Equal(EventFlags.None, exec.Flags);
        Assert.Null(exec[Fields.RootDirectory]);
        Assert.Null(exec[Fields.Script]);
        Assert.True(fork.Sequence < exec.Sequence && exec.Sequence < exit.Sequence);
        Assert.True(fork.TimeNs <= exec.TimeNs && exec.TimeNs <= exit.TimeNs && fork.Key.StartNs <= fork.TimeNs);
        Assert.Equal(Environment.ProcessId, exec.Detail.ParentPid);
        Assert.Equal(Environment.ProcessId, fork.Detail.ParentPid);
        Assert.Equal(exec.Detail.ParentStartNs, fork.Detail.ParentStartNs);
        Assert.Equal((0, 0), (exit.Detail.ExitCode, exit.Detail.ExitSignal));
    }

    [Fact]
    public void The_numbers_are_those_of_proc_and_stat()
    {
        // Who asks for a file's times leaves a mark in the inode since 6.13.
        Output("stat", [_probe.Path]);
        var (pid, _) = _probe.Run(_probe.Path);
        var detail = _ring.LifeOf(pid, _probe.Path).Exec.Detail;

        var info = new FileInfo(_probe.Path);
        Assert.Equal((ulong)info.Length, detail.ImageSize);
        Assert.Equal(0x8000u | 0b111_101_101, detail.ImageMode);
        Assert.Equal((info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks, detail.ImageModifyNs / 100);
        var changed = Output("stat", ["-c", "%.9Z", _probe.Path]).Text.Trim().Split('.');
        Assert.Equal(string.Concat(changed), detail.ImageChangeNs.ToString(CultureInfo.InvariantCulture));
        var (_, stat) = Output("stat", ["-c", "%i %d", _probe.Path]);
        Assert.Equal(stat.Trim(), string.Create(CultureInfo.InvariantCulture, $"{detail.ImageInode} {UserDevice(detail.ImageDevice)}"));

        var status = File.ReadAllLines("/proc/self/status").Select(l => l.Split(':', 2)).ToDictionary(p => p[0], p => p[1].Trim());
        var uids = status["Uid"].Split('\t').Select(uint.Parse).ToArray();
        Assert.Equal(uids, new[] { detail.Uid, detail.EffectiveUid, detail.SavedUid, detail.FsUid });
        Assert.Equal(status["Gid"].Split('\t').Select(uint.Parse), [detail.Gid, detail.EffectiveGid, detail.SavedGid, detail.FsGid]);
        Assert.Equal(Hex(status["CapEff"]), detail.CapabilitiesEffective);
        Assert.Equal(Hex(status["CapPrm"]), detail.CapabilitiesPermitted);
        Assert.Equal(Hex(status["CapInh"]), detail.CapabilitiesInheritable);
        Assert.Equal(Hex(status["CapBnd"]), detail.CapabilitiesBounding);
        Assert.Equal(Hex(status["CapAmb"]), detail.CapabilitiesAmbient);
        Assert.Equal(uint.Parse(File.ReadAllText("/proc/self/loginuid"), CultureInfo.InvariantCulture), detail.LoginUid);
        Assert.Equal(uint.Parse(File.ReadAllText("/proc/self/sessionid"), CultureInfo.InvariantCulture), detail.SessionId);
        Assert.Equal(Namespace("pid"), detail.PidNamespace);
        Assert.Equal(Namespace("mnt"), detail.MountNamespace);
        Assert.Equal(Namespace("net"), detail.NetNamespace);
        Assert.Equal(Namespace("user"), detail.UserNamespace);
        Assert.Equal(Namespace("uts"), detail.UtsNamespace);
        Assert.Equal(Namespace("ipc"), detail.IpcNamespace);
        Assert.Equal(Namespace("cgroup"), detail.CgroupNamespace);
    }

    [Fact]
    public void The_control_group_is_the_one_proc_names()
    {
        var (pid, _) = _probe.Run(_probe.Path);
        var cgroup = _ring.LifeOf(pid, _probe.Path).Exec[Fields.CgroupPath];
        Assert.Contains(File.ReadAllLines("/proc/self/cgroup"), line => line.Split(':', 3)[2] == cgroup);
    }

    [Fact]
    public void Arguments_of_exactly_32_KiB_are_whole()
    {
        var path = Encoding.UTF8.GetByteCount(_probe.Path) + 1;
        var long1 = new string('x', 20000);
        var long2 = new string('y', 0x8000 - path - 20001 - 1);
        var (pid, _) = _probe.Run(_probe.Path, [long1, long2]);
        var exec = _ring.LifeOf(pid, _probe.Path).Exec;
        Assert.Equal([_probe.Path, long1, long2], exec.Arguments.Select(Encoding.UTF8.GetString));
        Assert.Equal(EventFlags.None, exec.Flags);
    }

    [Fact]
    public void Arguments_beyond_32_KiB_are_cut_and_say_so()
    {
        var path = Encoding.UTF8.GetByteCount(_probe.Path) + 1;
        var (pid, _) = _probe.Run(_probe.Path, [new string('x', 0x8000 - path)]);
        var exec = _ring.LifeOf(pid, _probe.Path).Exec;
        Assert.Equal(EventFlags.ArgumentsTruncated, exec.Flags);
        Assert.Equal(0x8000, exec.Fields["CommandLine"].Length);
    }

    [Fact]
    public void Arguments_keep_their_boundaries_and_bytes()
    {
        string[] arguments = ["", "two\nlines", "", "blank in it", ""];
        var (pid, _) = _probe.Run(_probe.Path, arguments);
        Assert.Equal([_probe.Path, .. arguments], _ring.LifeOf(pid, _probe.Path).Exec.Arguments.Select(Encoding.UTF8.GetString));

        (pid, _) = _probe.Shell("exec -a odd-name ./probe \"$(printf 'a\\377\\300b')\"");
        var exec = _ring.LifeOf(pid, "odd-name").Exec;
        Assert.Equal("odd-name", exec[Fields.Argv0]);
        Assert.Equal([(byte)'a', 0xff, 0xc0, (byte)'b'], exec.Arguments[1]);
        Assert.Equal(_probe.Path, exec[Fields.Image]);
    }

    [Fact]
    public void A_path_of_many_components_is_whole_and_one_of_too_many_says_so()
    {
        var deep = string.Join('/', Enumerable.Repeat("d", 150)) + "/deep-probe";
        var path = _probe.Copy(deep);
        var (pid, _) = _probe.Run(path, [], start => start.WorkingDirectory = Path.GetDirectoryName(path)!);
        var exec = _ring.LifeOf(pid, "deep-probe").Exec;
        Assert.Equal(path, exec[Fields.Image]);
        Assert.Equal(Path.GetDirectoryName(path), exec[Fields.CurrentDirectory]);
        Assert.Equal(EventFlags.None, exec.Flags);

        path = _probe.Copy(string.Join('/', Enumerable.Repeat("e", 600)) + "/deeper-probe");
        (pid, _) = _probe.Run(path);
        exec = _ring.LifeOf(pid, "deeper-probe").Exec;
        Assert.Equal(EventFlags.ImageTruncated, exec.Flags);
        Assert.EndsWith("/e/e/e/deeper-probe", exec[Fields.Image], StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_names_itself_and_its_interpreter()
    {
        var interpreter = _probe.Copy("interpreter");
        var script = Path.Combine(_probe.Folder, "script");
        File.WriteAllText(script, $"#!{interpreter} -x\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        var (pid, _) = _probe.Shell("exec $PWD/script argument");
        var exec = _ring.LifeOf(pid, "argument").Exec;
        // bash -c is an exec of the same process, and the last one is looked at.
        Assert.Equal(EventFlags.Script, exec.Flags);
        Assert.Equal(script, exec[Fields.Script]);
        Assert.Equal(interpreter, exec[Fields.Image]);
        Assert.Equal([interpreter, "-x", script, "argument"], exec.Arguments.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void A_deleted_program_says_so()
    {
        var (pid, _) = _probe.Shell("exec 9<./probe; rm ./probe; exec /proc/self/fd/9 gone");
        var exec = _ring.LifeOf(pid, "gone").Exec;
        Assert.Equal(EventFlags.ImageDeleted, exec.Flags & (EventFlags.ImageDeleted | EventFlags.ImageInMemory));
        Assert.Equal(_probe.Path, exec[Fields.Image]);
    }

    [Fact]
    public void A_program_in_anonymous_memory_says_so()
    {
        var fd = memfd_create("hidden", 0);
        Assert.True(fd >= 0);
        using var file = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, true), FileAccess.ReadWrite);
        file.Write(File.ReadAllBytes("/bin/true"));
        file.Flush();
        var (pid, _) = _probe.Run($"/proc/{Environment.ProcessId}/fd/{fd}", ["from-memory"]);
        var exec = _ring.LifeOf(pid, "from-memory").Exec;
        Assert.Equal(EventFlags.ImageInMemory | EventFlags.ImageDeleted, exec.Flags);
        Assert.Equal("/memfd:hidden", exec[Fields.Image]);
    }

    [Fact]
    public void The_chosen_environment_is_kept_and_nothing_else()
    {
        var (pid, _) = _probe.Run(_probe.Path, [], start =>
        {
            start.Environment["LD_PRELOAD"] = "libc.so.6";
            start.Environment["LD_LIBRARY_PATH"] = "/nowhere";
            start.Environment["LD_AUDIT"] = "";
            start.Environment["SSH_CONNECTION"] = "192.0.2.1 4711 192.0.2.2 22";
            start.Environment["SSH_CLIENT"] = "192.0.2.1 4711 22";
            start.Environment["LD_PRELOAD_NOT"] = "secret";
            start.Environment["BIG"] = new string('z', 9000) + "LD_AUDIT=trap";
        });
        var exec = _ring.LifeOf(pid, _probe.Path).Exec;
        Assert.Equal("libc.so.6", exec[Fields.LdPreload]);
        Assert.Equal("/nowhere", exec[Fields.LdLibraryPath]);
        Assert.Equal("", exec[Fields.LdAudit]);
        Assert.Equal("192.0.2.1 4711 192.0.2.2 22", exec[Fields.SshConnection]);
        Assert.Equal("192.0.2.1 4711 22", exec[FieldTable.Intern("SshClient")]);
        Assert.DoesNotContain(exec.Fields.Values, value => Encoding.UTF8.GetString(value).Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Changed_ids_and_capabilities_are_the_new_ones()
    {
        var (pid, code) = _probe.Run("/usr/bin/setpriv", ["--reuid", "65534", "--regid", "65533", "--clear-groups", _probe.Path, "dropped"]);
        Assert.Equal(0, code);
        var exec = _ring.WaitFor("the program below setpriv", e => e.Key.Pid == pid && e[Fields.Image] == _probe.Path)[0];
        Assert.Equal((65534u, 65534u, 65534u, 65534u), (exec.Detail.Uid, exec.Detail.EffectiveUid, exec.Detail.SavedUid, exec.Detail.FsUid));
        Assert.Equal((65533u, 65533u), (exec.Detail.Gid, exec.Detail.EffectiveGid));
        Assert.Equal(0UL, exec.Detail.CapabilitiesEffective);
    }

    [Fact]
    public void A_set_user_id_program_says_so()
    {
        File.SetUnixFileMode(_probe.Path, (UnixFileMode)0b111_101_101 | UnixFileMode.SetUser);
        var (pid, _) = _probe.Run(_probe.Path);
        Assert.Equal(EventFlags.SetId, _ring.LifeOf(pid, _probe.Path).Exec.Flags);
    }

    [Fact]
    public void A_chroot_is_a_prefix_of_its_own()
    {
        var root = Path.Combine(_probe.Folder, "root");
        Directory.CreateDirectory(root);
        Probe.WriteStatic(Path.Combine(root, "static"));
        var (_, code) = _probe.Run("chroot", [root, "/static", "inside"]);
        Assert.Equal(0, code);
        var exec = _ring.WaitFor("the program in the chroot", e => e[Fields.CommandLine] == "/static inside")[0];
        Assert.Equal(root, exec[Fields.RootDirectory]);
        Assert.Equal(root + "/static", exec[Fields.Image]);
        Assert.Equal(root, exec[Fields.CurrentDirectory]);
    }

    [Fact]
    public void A_process_in_a_pid_namespace_has_both_ids()
    {
        var (_, code) = _probe.Run("unshare", ["--pid", "--fork", _probe.Path, "namespaced"]);
        Assert.Equal(0, code);
        var exec = _ring.WaitFor("the program in the namespace", e => e[Fields.Image] == _probe.Path)[0];
        Assert.Equal(1, exec.Detail.NamespacePid);
        Assert.NotEqual(1, exec.Key.Pid);
        Assert.NotEqual(Namespace("pid"), exec.Detail.PidNamespace);
    }

    [Theory]
    [InlineData("exit 7", 7, 0)]
    [InlineData("kill -KILL $$", 0, 9)]
    [InlineData("kill -TERM $$", 0, 15)]
    public void The_end_of_a_process_says_how(string line, int code, int signal)
    {
        var (pid, _) = _probe.Shell($": {_probe.Folder}; {line}");
        var exit = _ring.LifeOf(pid, _probe.Folder).Exit;
        Assert.Equal((code, signal), (exit.Detail.ExitCode, exit.Detail.ExitSignal));
        Assert.Equal(code.ToString(CultureInfo.InvariantCulture), exit[Fields.ExitCode]);
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static uint Namespace(string name) =>
        uint.Parse(new FileInfo($"/proc/self/ns/{name}").LinkTarget!.Split('[', ']')[1], CultureInfo.InvariantCulture);

    /// <summary>stat(1) prints the user-space encoding, the kernel keeps its own.</summary>
    private static ulong UserDevice(uint kernel)
    {
        ulong major = kernel >> 20, minor = kernel & 0xfffff;
        return (minor & 0xff) | (major << 8) | ((minor & ~0xffUL) << 12);
    }

    private static (int Code, string Text) Output(string file, string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
