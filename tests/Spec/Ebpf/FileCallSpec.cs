using System.Diagnostics;
using System.Runtime.InteropServices;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>The calls on files that few programs make: what they do is told as the usual ones' doings are.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileCallSpec
{
    /// <summary>Ways to change an open file that are no write.</summary>
    public static TheoryData<string> Changes =>
    [
        "writev", "pwritev", "copy_file_range other", "sendfile other", "splice other", "fallocate 100", "ftruncate 2", "map", "futimens",
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_changes_an_open_file_settles_at_its_close(string words)
    {
        using var acts = new FileActs(true);
        acts.Make("there");
        acts.Make("other");
        var (events, _) = acts.Run(["open", "+", "there", .. words.Split(' '), "close"]);
        var settled = Assert.Single(events, e => e.Kind == EventKind.FileModify);
        Assert.Equal((acts.At("there"), "close", "dentry"), (settled[Fields.TargetFilename], settled[Fields.SettledBy], settled[Fields.PathSource]));
        Assert.Equal(words == "map" ? "mapped" : null, settled[Fields.FileFlags]);
        Assert.Equal(new FileInfo(acts.At("there")).Length.ToString(System.Globalization.CultureInfo.InvariantCulture), settled[Fields.FileSize]);
        Assert.Equal(words.StartsWith("ftruncate", StringComparison.Ordinal) ? 1 : 0, events.Count(e => e.Kind == EventKind.FileTruncate));
    }

    [Fact]
    public void A_file_written_to_by_whom_it_was_passed_to_is_that_ones_change()
    {
        using var acts = new FileActs(true);
        acts.Make("there");
        var (events, told) = acts.Run("pass", "there");
        Assert.Equal([EventKind.FileOpen], events.Select(e => e.Kind));
        var child = int.Parse(told[0], System.Globalization.CultureInfo.InvariantCulture);
        var settled = acts.Ring.WaitFor("the receiver's change", e => e.Kind == EventKind.FileModify && e.Key.Pid == child)[0];
        Assert.Equal((acts.At("there"), "close", "6", null),
            (settled[Fields.TargetFilename], settled[Fields.SettledBy], settled[Fields.FileSize], settled[Fields.FileFlags]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_names_that_are_exchanged_are_two_renames(bool typed)
    {
        using var acts = new FileActs(typed);
        foreach (var name in new[] { "a", "b", "c" }) File.WriteAllText(acts.At(name), name);
        var (events, _) = acts.Run("renameat2", ".", "a", ".", "b", "2", "renameat2", ".", "c", ".", "d", "1");
        Assert.Equal([(acts.At("b"), acts.At("a"), "RENAME_EXCHANGE"), (acts.At("a"), acts.At("b"), "RENAME_EXCHANGE"), (acts.At("d"), acts.At("c"), "RENAME_NOREPLACE")],
            events.Select(e => (e[Fields.TargetFilename]!, e[Fields.SourceFilename]!, e[Fields.RenameFlags]!)));
        Assert.All(events, e => Assert.Equal((EventKind.FileRename, "cwd", "renameat2"), (e.Kind, e[Fields.PathSource], e[Fields.SystemCall])));
        Assert.Equal((events[0].Sequence, events[0].TimeNs), (events[1].Sequence, events[1].TimeNs));
        Assert.Equal("b", File.ReadAllText(acts.At("a")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_that_a_call_follows_is_seen_through_to_what_was_changed(bool typed)
    {
        using var acts = new FileActs(typed);
        Directory.CreateDirectory(acts.At("far"));
        File.WriteAllText(acts.At("far/real"), "text");
        Directory.CreateSymbolicLink(acts.At("l"), "far");
        File.CreateSymbolicLink(acts.At("soft"), acts.At("l/real"));
        var (events, _) = acts.Run("fchmodat", ".", "soft", "0604", "fchownat", ".", "soft", "3", "4", "truncate", "soft", "2", "linkfollow", ".", "soft", ".", "hard",
            "lchownat", ".", "soft", "5", "6", "linkat", ".", "soft", ".", "hard-soft");
        var (real, soft) = (acts.At("far/real"), acts.At("soft"));
        Assert.Equal(
            [
                (EventKind.FileMode, real, null, "resolved"), (EventKind.FileOwner, real, null, "resolved"), (EventKind.FileTruncate, real, null, "resolved"),
                (EventKind.FileLink, acts.At("hard"), real, "cwd"), (EventKind.FileOwner, soft, null, "cwd"), (EventKind.FileLink, acts.At("hard-soft"), soft, "cwd"),
            ],
            events.Select(e => (e.Kind, e[Fields.TargetFilename]!, e[Fields.SourceFilename], e[Fields.PathSource]!)));
        Assert.All(events, e => Assert.Null(e[Fields.FileFlags]));
    }

    [Fact]
    public void The_newest_call_for_a_mode_follows_or_not_as_it_is_told()
    {
        using var acts = new FileActs(true);
        File.WriteAllText(acts.At("real"), "text");
        File.CreateSymbolicLink(acts.At("soft"), "real");
        using (var known = Process.Start(new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(acts.Folder)!, "files"), ["fchmodat2", ".", "real", "0640", "0"])
            { WorkingDirectory = acts.Folder, RedirectStandardError = true })!)
        {
            known.WaitForExit();
            Assert.SkipWhen(known.ExitCode != 0, "this kernel has no fchmodat2");
        }

        var (events, _) = acts.Run("fchmodat2", ".", "soft", "0604", "0", "fchmodat2", ".", "real", "0600", "0x100");
        Assert.Equal([(acts.At("real"), "604", "fchmodat2"), (acts.At("real"), "600", "fchmodat2")],
            events.Select(e => (e[Fields.TargetFilename]!, e[Fields.NewMode]!, e[Fields.SystemCall]!)));
    }

    [Fact]
    public void Proc_s_names_of_the_caller_s_own_places_are_the_caller_s_and_never_the_reader_s()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("d"));
        foreach (var name in new[] { "x", "y", "z" }) File.WriteAllText(acts.At($"d/{name}"), "text");
        var (told, pid, own) = Held(acts, "chdir", "d", "unlinkat", ".", "/proc/self/cwd/x", "unlinkat", ".", $"/proc/self/root{acts.At("d/y")}", "open", "w", "z",
            "chmodproc", "0604", "mkdirat", ".", "/proc/self/root/proc/thread-self/cwd/made", "tell", "z");
        Assert.Equal([acts.At("d/x"), acts.At("d/y")], told.Where(e => e.Kind == EventKind.FileDelete).Select(e => e[Fields.TargetFilename]));
        Assert.Equal(acts.At("d/z"), told.Single(e => e.Kind == EventKind.FileMode)[Fields.TargetFilename]);
        var made = told.Single(e => e.Kind == EventKind.DirectoryCreate);
        Assert.Equal("unresolved", made[Fields.FileFlags]);
        Assert.DoesNotContain(told, e => e.Fields.Values.Any(value => System.Text.Encoding.UTF8.GetString(value).Contains($"/proc/{own}", StringComparison.Ordinal)));

        // Of a process that has ended nobody can say where the links led.
        var (gone, _) = acts.Run("open", "w", "d/z", "chmodproc", "0640", "unlinkat", ".", "/proc/self/cwd/d/z");
        var mode = gone.Single(e => e.Kind == EventKind.FileMode);
        Assert.Equal($"/proc/{mode.Key.Pid}/fd/{mode[Fields.TargetFilename]!.Split('/')[^1]}", mode[Fields.TargetFilename]);
        var removed = gone.Single(e => e.Kind == EventKind.FileDelete);
        Assert.Equal(("/proc/self/cwd/d/z", "unresolved"), (removed[Fields.TargetFilename], removed[Fields.FileFlags]));
        Assert.NotEqual(0, pid);
    }

    [Fact]
    public void A_nameless_file_gets_a_name_through_proc()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "+T", ".", "write", "x", "linkproc", ".", "named", "close");
        Assert.Equal([EventKind.FileCreate, EventKind.FileLink, EventKind.FileModify], events.Select(e => e.Kind));
        Assert.Equal((acts.At("named"), "cwd"), (events[1][Fields.TargetFilename], events[1][Fields.PathSource]));
        Assert.DoesNotContain($"/proc/{Environment.ProcessId}", events[1][Fields.SourceFilename], StringComparison.Ordinal);
    }

    [Fact]
    public void The_32_bit_entry_has_all_calls_on_files()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "only x86 has the entry");
        using var acts = new FileActs(true);
        foreach (var name in new[] { "f", "g" }) File.WriteAllText(acts.At(name), "text");
        Directory.CreateDirectory(acts.At("d"));
        string[] calls =
        [
            "9 f hard 0 0 0 link hard", "83 there soft 0 0 0 symlink soft", "15 f 0600 0 0 0 chmod f", "182 f 1 2 0 0 chown f", "198 soft 1 2 0 0 lchown32 soft",
            "92 f 2 0 0 0 truncate f", "193 f 3 0 0 0 truncate64 f", "14 pipe 010600 0 0 0 mknod pipe", "296 -100 e 0700 0 0 mkdirat e", "301 -100 e 0x200 0 0 unlinkat e",
            "302 -100 g -100 g2 0 renameat g2", "353 -100 g2 -100 g3 1 renameat2 g3", "303 -100 f -100 hard2 0 linkat hard2", "304 f -100 soft2 0 0 symlinkat soft2",
            "306 -100 f 0640 0 0 fchmodat f", "298 -100 f 3 4 0 fchownat f", "297 -100 pipe2 010600 0 0 mknodat pipe2", "40 d 0 0 0 0 rmdir d",
        ];
        var parts = calls.Select(call => call.Split(' ')).ToList();
        var (events, _) = acts.Run([.. parts.SelectMany(part => part[..6].Prepend("call32"))]);
        Assert.Equal(parts.Select(part => $"{part[6]} {part[7]} compat"),
            events.Select(e => $"{e[Fields.SystemCall]} {Path.GetFileName(e[Fields.TargetFilename])} {e[Fields.FileFlags]}"));

        var (opened, _) = acts.Run("opens32", "295", "-100", "at", "0101", "write", "x", "call32", "94", "fd", "0604", "0", "0", "0", "call32", "95", "fd", "7", "-1", "0", "0",
            "call32", "93", "fd", "1", "0", "0", "0", "call32", "6", "fd", "0", "0", "0", "0", "opens32", "8", "by-creat", "0600", "0", "write", "x", "call32", "63", "0", "fd", "0", "0", "0");
        Assert.Equal("openat:at fchmod:at fchown:at ftruncate:at :at creat:by-creat :by-creat",
            string.Join(' ', opened.Select(e => $"{e[Fields.SystemCall]}:{Path.GetFileName(e[Fields.TargetFilename])}")));
        Assert.Equal(["close", "dup"], opened.Where(e => e.Kind == EventKind.FileModify).Select(e => e[Fields.SettledBy]));
        Assert.All(opened.Where(e => e.Kind != EventKind.FileModify), e => Assert.Equal("compat", e[Fields.FileFlags]));
    }

    [Fact]
    public void The_older_calls_of_x86_have_the_same_fields()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "these calls are x86's");
        using var acts = new FileActs(true);
        foreach (var name in new[] { "e", "f" }) File.WriteAllText(acts.At(name), "text");
        File.CreateSymbolicLink(acts.At("soft"), "f");
        var (events, _) = acts.Run("lchown", "soft", "1", "2", "chown", "soft", "3", "4", "mknod", "pipe", "010620", "0", "renameat", ".", "e", ".", "g");
        Assert.Equal([("lchown", acts.At("soft")), ("chown", acts.At("f")), ("mknod", acts.At("pipe")), ("renameat", acts.At("g"))],
            events.Select(e => (e[Fields.SystemCall]!, e[Fields.TargetFilename]!)));
        Assert.Equal(("3", "4"), (events[1][Fields.NewOwner], events[1][Fields.NewGroup]));
        Assert.Equal(("620", "fifo"), (events[2][Fields.NewMode], events[2][Fields.FileType]));
        Assert.Equal(acts.At("e"), events[3][Fields.SourceFilename]);
    }

    /// <summary>The same as <see cref="FileActs.Run"/>, read before the process ends.</summary>
    private static (List<SeenEvent> Events, int Pid, int Own) Held(FileActs acts, params IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(acts.Folder)!, "files"), [.. words, "hold"])
            { WorkingDirectory = acts.Folder, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardOutput.ReadLine();
        var exec = acts.Ring.WaitFor("its exec", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == process.Id)[^1];
        var events = acts.Ring.Read(e => e.Key == exec.Key && (int)e.Kind is >= 16 and < 32);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return (events, process.Id, Environment.ProcessId);
    }
}
