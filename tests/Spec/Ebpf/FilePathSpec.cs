using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>Calls that name files by strings: removed, renamed, linked, made, changed.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FilePathSpec
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_call_by_descriptor_of_a_folder_is_seen_with_its_fields(bool typed)
    {
        using var acts = new FileActs(typed);
        Directory.CreateDirectory(acts.At("d"));
        File.WriteAllText(acts.At("f"), "text");
        var (events, _) = acts.Run("mkdirat", "d", "made", "linkat", ".", "f", "d", "hard", "symlinkat", "../f", "d", "soft",
            "renameat2", "d", "hard", ".", "moved", "1", "fchmodat", ".", "moved", "04755", "fchownat", "d", "soft", "7", "-1",
            "mknodat", "d", "pipe", "010600", "0", "mknodat", ".", "plain", "0100600", "0", "mknodat", ".", "null", "020600", "0x103",
            "unlinkat", "d", "pipe", "removedir", "d", "made", "truncate", "f", "2");
        var expected = new (EventKind, string, string?, string, string)[]
        {
            (EventKind.DirectoryCreate, "d/made", null, "dirfd", "mkdirat"),
            (EventKind.FileLink, "d/hard", "f", "dirfd", "linkat"),
            (EventKind.FileSymlink, "d/soft", "../f", "dirfd", "symlinkat"),
            (EventKind.FileRename, "moved", "d/hard", "cwd", "renameat2"),
            (EventKind.FileMode, "moved", null, "cwd", "fchmodat"),
            (EventKind.FileOwner, "f", null, "resolved", "fchownat"),
            (EventKind.FileNode, "d/pipe", null, "dirfd", "mknodat"),
            (EventKind.FileCreate, "plain", null, "cwd", "mknodat"),
            (EventKind.FileNode, "null", null, "cwd", "mknodat"),
            (EventKind.FileDelete, "d/pipe", null, "dirfd", "unlinkat"),
            (EventKind.DirectoryDelete, "d/made", null, "dirfd", "unlinkat"),
            (EventKind.FileTruncate, "f", null, "cwd", "truncate"),
        };
        Assert.Equal(expected.Select(e => (e.Item1, acts.At(e.Item2), e.Item3 is null || e.Item1 == EventKind.FileSymlink ? e.Item3 : acts.At(e.Item3), e.Item4, e.Item5)),
            events.Select(e => (e.Kind, e[Fields.TargetFilename]!, e[Fields.SourceFilename], e[Fields.PathSource]!, e[Fields.SystemCall]!)));
        Assert.Equal("750", events[0][Fields.NewMode]);
        Assert.Equal("4755", events[4][Fields.NewMode]);
        Assert.Equal(("7", null), (events[5][Fields.NewOwner], events[5][Fields.NewGroup]));
        Assert.Equal(("fifo", "600"), (events[6][Fields.FileType], events[6][Fields.NewMode]));
        Assert.Equal(("char_device", "1:3"), (events[8][Fields.FileType], events[8][Fields.FileDevice]));
        Assert.Equal("2", events[11][Fields.FileSize]);
        Assert.All(events, e => Assert.Null(e[Fields.FileFlags]));
    }

    [Fact]
    public void Old_calls_and_the_32_bit_entry_are_seen_the_same_way()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "these calls are x86's");
        using var acts = new FileActs(true);
        var (events, _) = acts.Run(("mkdir a symlink there soft mkdir32 b rename a c rename32 b d open wc f link f g chmod g 0600 chown g 1 2 unlink g "
            + "unlink32 f rmdir c rmdir d").Split(' '));
        events.RemoveAll(e => e.Kind == EventKind.FileCreate);
        Assert.Equal(
            "mkdir a, symlink soft, mkdir b compat, rename c, rename d compat, link g, chmod g, chown g, unlink g, unlink f compat, rmdir c, rmdir d",
            string.Join(", ", events.Select(e => $"{e[Fields.SystemCall]} {Path.GetFileName(e[Fields.TargetFilename])} {e[Fields.FileFlags]}".TrimEnd())));
        Assert.All(events, e => Assert.StartsWith(acts.Folder, e[Fields.TargetFilename], StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_a_name_gets_one_by_its_descriptor()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "+T", ".", "write", "x", "linkfd", ".", "named", "chownfd", "3", "4", "fchmod", "0611", "fchown", "5", "-1",
            "ftruncate", "9", "close");
        Assert.Equal([EventKind.FileCreate, EventKind.FileLink, EventKind.FileOwner, EventKind.FileMode, EventKind.FileOwner, EventKind.FileTruncate,
            EventKind.FileModify], events.Select(e => e.Kind));
        Assert.Equal((acts.At("named"), "linkat"), (events[1][Fields.TargetFilename], events[1][Fields.SystemCall]));
        Assert.StartsWith(acts.At("#"), events[1][Fields.SourceFilename], StringComparison.Ordinal);
        Assert.Equal(("3", "4"), (events[2][Fields.NewOwner], events[2][Fields.NewGroup]));
        Assert.Equal(("611", "611", "dentry"), (events[3][Fields.NewMode], events[3][Fields.FileMode], events[3][Fields.PathSource]));
        Assert.Equal(("5", null, "5"), (events[4][Fields.NewOwner], events[4][Fields.NewGroup], events[4][Fields.FileOwner]));
        Assert.Equal("9", events[5][Fields.FileSize]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_string_that_changes_during_the_call_is_flagged(bool typed)
    {
        using var acts = new FileActs(typed);
        var (events, _) = acts.Run("race", "xa", "20000");
        var changed = events.Count(e => e[Fields.FileFlags] == "text_changed");
        Assert.True(changed > 10, $"{changed} of {events.Count} were flagged");
        Assert.Contains(events, e => e[Fields.FileFlags] is null);
    }

    [Fact]
    public void Dots_in_strings_are_taken_out_and_failed_calls_are_no_events()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("a/b"));
        var (events, _) = acts.Run("mkdirat", "a", "./b//../c/", "removedir", ".", $"{acts.Folder}/./a/../a/c");
        Assert.Equal([acts.At("a/c"), acts.At("a/c")], events.Select(e => e[Fields.TargetFilename]));
        Assert.Equal(["resolved", "resolved"], events.Select(e => e[Fields.PathSource]));
        Assert.ThrowsAny<Exception>(() => acts.Run("unlinkat", ".", "absent"));
        Assert.Empty(acts.Ring.Read(e => e.Kind == EventKind.FileDelete && e[Fields.TargetFilename] == acts.At("absent")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Symbolic_links_in_the_folders_of_a_string_are_seen_through(bool typed)
    {
        using var acts = new FileActs(typed);
        foreach (var folder in new[] { "real/deep", "other" }) Directory.CreateDirectory(acts.At(folder));
        Directory.CreateSymbolicLink(acts.At("l"), "real/deep");
        Directory.CreateSymbolicLink(acts.At("away"), acts.At("l"));
        foreach (var name in new[] { "a", "b", "c" }) File.WriteAllText(acts.At("real/deep/" + name), "text");
        var (events, _) = acts.Run("unlinkat", ".", "l/a", "renameat2", ".", "away/b", ".", acts.At("l/./b2"), "0", "linkat", "other", "../l/c", ".", "l/../c2",
            "symlinkat", "away/x", ".", "away//s", "mkdirat", "l", "made", "removedir", ".", "away/made/", "fchmodat", ".", "l/c", "0600",
            "unlinkat", "real", "deep/../../l/s");
        var expected = new (EventKind, string, string?, string)[]
        {
            (EventKind.FileDelete, acts.At("real/deep/a"), null, "resolved"),
            (EventKind.FileRename, acts.At("real/deep/b2"), acts.At("real/deep/b"), "resolved"),
            (EventKind.FileLink, acts.At("real/c2"), acts.At("real/deep/c"), "resolved"),
            (EventKind.FileSymlink, acts.At("real/deep/s"), "away/x", "resolved"),
            (EventKind.DirectoryCreate, acts.At("real/deep/made"), null, "dirfd"),
            (EventKind.DirectoryDelete, acts.At("real/deep/made"), null, "resolved"),
            (EventKind.FileMode, acts.At("real/deep/c"), null, "resolved"),
            (EventKind.FileDelete, acts.At("real/deep/s"), null, "resolved"),
        };
        Assert.Equal(expected, events.Select(e => (e.Kind, e[Fields.TargetFilename]!, e[Fields.SourceFilename], e[Fields.PathSource]!)));
        Assert.All(events, e => Assert.Null(e[Fields.FileFlags]));
    }

    [Fact]
    public void A_folder_that_cannot_be_looked_up_is_flagged_and_as_the_caller_wrote_it()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("d/e"));
        File.WriteAllText(acts.At("d/e/f"), "text");
        var (events, _) = acts.Run("unlinkat", ".", "d/e/f", "removedir", ".", "d/e", "removedir", ".", "d");
        Assert.Equal([(acts.At("d/e/f"), "cwd", "unresolved"), (acts.At("d/e"), "cwd", "unresolved"), (acts.At("d"), "cwd", null)],
            events.Select(e => (e[Fields.TargetFilename]!, e[Fields.PathSource]!, e[Fields.FileFlags])));
    }

    [Fact]
    public void Many_threads_lose_nothing_and_the_counters_balance()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("threads", ".", "16");
        foreach (var kind in new[] { EventKind.FileCreate, EventKind.FileModify, EventKind.FileDelete })
        {
            var of = events.Where(e => e.Kind == kind).ToList();
            Assert.Equal(16 * 50, of.Count);
            Assert.Equal(16 * 50, of.Select(e => e[Fields.TargetFilename]).Distinct().Count());
            var row = acts.Ring.Maps.ReadCounters()[(RecordKind)kind];
            Assert.True(row.Seen == row.Left && row.Lost + row.Refused + row.Busy == 0, $"{kind}: {row.Seen} seen, {row.Left} left");
        }
    }
}
