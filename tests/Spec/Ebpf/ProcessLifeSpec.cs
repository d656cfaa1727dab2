using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>Processes that begin, execute and end in unusual ways: each field is still theirs.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ProcessLifeSpec : IDisposable
{
    private readonly LiveRing _ring = LiveRing.Private();
    private readonly Probe _probe = new();
    private readonly string _lives;

    public ProcessLifeSpec() => _lives = CProgram.Compile("lives", _probe.Folder);

    public void Dispose()
    {
        _ring.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void Two_processes_of_one_number_within_a_second_are_told_apart()
    {
        var (first, second) = (_probe.Copy("one"), _probe.Copy("two"));
        var (pid, _) = Say("reuse", first, second);
        Assert.SkipWhen(pid == 0, "this kernel lets nobody choose a number");
        var execs = _ring.WaitFor("both", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == pid && e[Fields.Image] is { } image
            && (image == first || image == second), 2);
        Assert.Equal([first, second], execs.Select(e => e[Fields.Image]));
        Assert.Equal(["first", "second"], execs.Select(e => Encoding.UTF8.GetString(e.Arguments[1])));
        var (one, two) = (execs[0].Key, execs[1].Key);
        Assert.True(one.Pid == two.Pid && two.StartNs > one.StartNs && two.StartNs - one.StartNs < 1_000_000_000, $"{one} and {two}");
        _ring.WaitFor("their ends", e => e.Kind == EventKind.ProcessTermination && (e.Key == one || e.Key == two), 2);
        foreach (var key in new[] { one, two })
            Assert.Equal([EventKind.ProcessFork, EventKind.ProcessCreation, EventKind.ProcessTermination], _ring.Read(e => e.Key == key).Select(e => e.Kind));
        var end = _ring.Read(e => e.Kind == EventKind.ProcessTermination && e.Key == one)[0];
        Assert.True(end.Sequence < _ring.Read(e => e.Kind == EventKind.ProcessFork && e.Key == two)[0].Sequence);
    }

    [Fact]
    public void What_has_ended_before_anything_was_read_has_all_its_fields()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_probe.Folder, "gone")).FullName;
        var (pid, _) = _probe.Shell($"cd {folder}; exec ../probe 'an argument'", start => start.Environment["LD_LIBRARY_PATH"] = "/kept");
        Directory.Delete(folder);
        File.Delete(_probe.Path);
        Assert.False(Directory.Exists($"/proc/{pid}"));
        var (fork, exec, exit) = _ring.LifeOf(pid, "an argument");
        Assert.Equal((_probe.Path, "../probe an argument", folder, "/kept", "probe"),
            (exec[Fields.Image], exec[Fields.CommandLine], exec[Fields.CurrentDirectory], exec[Fields.LdLibraryPath], exec[Fields.ThreadName]));
        Assert.Equal((0u, 0u, Environment.ProcessId), (exec.Detail.Uid, exec.Detail.EffectiveGid, exec.Detail.ParentPid));
        Assert.True(exec.Detail is { ImageInode: > 0, ImageSize: > 0, MountNamespace: > 0, NetNamespace: > 0 } && exec[Fields.CgroupPath] is not null);
        Assert.Equal((fork.Key, 0), (exit.Key, exit.Detail.ExitCode));
    }

    [Fact]
    public void A_program_that_is_executed_by_its_descriptor_has_its_own_path()
    {
        var (pid, _) = Say("fd", _probe.Path);
        var exec = _ring.LifeOf(pid, "by-fd").Exec;
        Assert.Equal((_probe.Path, "by-fd argument", "by-fd"), (exec[Fields.Image], exec[Fields.CommandLine], exec[Fields.Argv0]));
        Assert.Equal(EventFlags.None, exec.Flags);

        var removed = _probe.Copy("removed");
        (pid, _) = Say("fd-removed", removed);
        exec = _ring.LifeOf(pid, "by-fd").Exec;
        Assert.Equal((removed, "deleted"), (exec[Fields.Image], exec[CallFields.Provenance]));
        Assert.Equal(EventFlags.ImageDeleted, exec.Flags);
    }

    [Fact]
    public void A_script_that_is_executed_by_its_descriptor_is_named_as_its_interpreter_sees_it()
    {
        var interpreter = _probe.Copy("interpreter");
        var script = Path.Combine(_probe.Folder, "script");
        File.WriteAllText(script, $"#!{interpreter}\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        var (pid, _) = Say("fd", script);
        var exec = _ring.LifeOf(pid, "argument").Exec;
        Assert.Equal((interpreter, EventFlags.Script), (exec[Fields.Image], exec.Flags));
        Assert.Matches("^/dev/fd/[0-9]+$", exec[Fields.Script]);
        Assert.Equal([interpreter, exec[Fields.Script], "argument"], exec.Arguments.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Names_of_programs_folders_and_scripts_keep_their_bytes()
    {
        byte[] name = [.. "a\n"u8, 0xff, 0xfe, .. "b"u8];
        var (pid, code) = _probe.Shell("""
            d=$'a\n\xff\xfeb'; mkdir "$d"; cp probe "$d/$d"; printf '#!%s\n' "$PWD/probe" > "$d/s"; chmod +x "$d/s"; cd "$d"; "$PWD/s" scripted; exec "$PWD/$d" strange
            """);
        Assert.Equal(0, code);
        var exec = _ring.LifeOf(pid, "strange").Exec;
        byte[] folder = [.. Encoding.UTF8.GetBytes(_probe.Folder), (byte)'/', .. name];
        Assert.Equal([.. folder, (byte)'/', .. name], exec.Fields["Image"]);
        Assert.Equal(folder, exec.Fields["CurrentDirectory"]);
        Assert.Equal([.. folder, (byte)'/', .. name], exec.Arguments[0]);
        var scripted = _ring.WaitFor("the script", e => e.Kind == EventKind.ProcessCreation && e[Fields.CommandLine]?.EndsWith(" scripted", StringComparison.Ordinal) == true
            && e[Fields.Image] == _probe.Path)[0];
        Assert.Equal([.. folder, .. "/s"u8], scripted.Fields["Script"]);

        // .NET removes no such folder.
        _probe.Shell("rm -r a*");
    }

    [Fact]
    public void In_a_mount_namespace_paths_are_those_of_the_namespace()
    {
        foreach (var name in new[] { "there", "fresh" }) Directory.CreateDirectory(Path.Combine(_probe.Folder, name));
        var (_, code) = _probe.Run("unshare", ["-m", "bash", "-c",
            "mount --bind . there; mount -t tmpfs none fresh; cp probe fresh/; cd there; ../there/probe bound; cd ../fresh; exec ./probe in-memory"]);
        Assert.Equal(0, code);
        foreach (var (folder, text) in new[] { ("there", "bound"), ("fresh", "in-memory") })
        {
            var exec = _ring.WaitFor(text, e => e.Kind == EventKind.ProcessCreation && e[Fields.Image]?.StartsWith(_probe.Folder, StringComparison.Ordinal) == true
                && e[Fields.CommandLine]?.EndsWith("probe " + text, StringComparison.Ordinal) == true)[0];
            Assert.Equal(($"{_probe.Folder}/{folder}/probe", $"{_probe.Folder}/{folder}", null),
                (exec[Fields.Image], exec[Fields.CurrentDirectory], exec[Fields.RootDirectory]));
            Assert.NotEqual(uint.Parse(new FileInfo("/proc/self/ns/mnt").LinkTarget!.Split('[', ']')[1], CultureInfo.InvariantCulture), exec.Detail.MountNamespace);
            Assert.Equal(EventFlags.None, exec.Flags);
        }
    }

    [Fact]
    public void A_child_that_is_given_to_its_maker_s_parent_has_that_as_parent()
    {
        // The shell stays until the child was seen: one that ends before it executes something leaves it to init.
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", $"{_lives} sibling {_probe.Path}; read"])
            { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var pid = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        var (fork, exec, _) = _ring.LifeOf(pid, "sibling");
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.Equal(shell.Id, exec.Detail.ParentPid);
        Assert.Equal(shell.Id, fork.Detail.ParentPid);
    }

    [Fact]
    public void A_program_that_is_executed_through_the_32_bit_entry_is_seen()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "only x86 has the entry");
        var (pid, _) = Say("compat", _probe.Path);
        var exec = _ring.LifeOf(pid, "by-32").Exec;
        Assert.Equal((_probe.Path, "by-32 by-32"), (exec[Fields.Image], exec[Fields.CommandLine]));
    }

    [Fact]
    public void The_controlling_terminal_is_named()
    {
        var (_, code) = _probe.Run("script", ["-qec", $"{_probe.Path} on-a-terminal", "/dev/null"], start => start.RedirectStandardOutput = true);
        Assert.Equal(0, code);
        var exec = _ring.WaitFor("the program", e => e.Kind == EventKind.ProcessCreation && e[Fields.CommandLine] == $"{_probe.Path} on-a-terminal")[0];
        Assert.Matches("^pts/[0-9]+$", exec[Fields.Tty]);
        Assert.Equal(136u, exec.Detail.Tty >> 20);
        Assert.Null(_ring.LifeOf(_probe.Run(_probe.Path, ["without"]).Pid, "without").Exec[Fields.Tty]);
    }

    [Fact]
    public void An_end_with_an_image_of_memory_says_so()
    {
        Assert.SkipWhen(File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|'), "images of memory go to a program of this host");
        var (pid, _) = _probe.Shell($": {_probe.Folder}; ulimit -c unlimited && kill -SEGV $$");
        var exit = _ring.LifeOf(pid, _probe.Folder).Exit;
        Assert.Equal((11, EventFlags.CoreDumped, "11", "0"), (exit.Detail.ExitSignal, exit.Flags, exit[Fields.ExitSignal], exit[Fields.ExitCode]));
        (pid, _) = _probe.Shell($": {_probe.Folder}; ulimit -c 0 && kill -SEGV $$");
        Assert.Equal(EventFlags.None, _ring.LifeOf(pid, _probe.Folder).Exit.Flags);
    }

    /// <summary>Runs the program, which says a number.</summary>
    private (int Pid, int Own) Say(params string[] words)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(_lives, words)
            { RedirectStandardOutput = true, WorkingDirectory = _probe.Folder })!;
        var said = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (said, process.Id);
    }
}
