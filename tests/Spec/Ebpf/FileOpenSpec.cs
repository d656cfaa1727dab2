using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>Files that are made or opened for writing: every field, and paths that are not what the caller wrote.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileOpenSpec
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_is_made_opened_again_and_each_field_is_what_stat_says(bool typed)
    {
        using var acts = new FileActs(typed);
        var (events, told) = acts.Run("open", "wc", "made", "write", "hello", "close", "tell", "made", "open", "+t", "made", "close");
        Assert.Equal([EventKind.FileCreate, EventKind.FileModify, EventKind.FileOpen, EventKind.FileModify], events.Select(e => e.Kind));
        Assert.All(events, e => Assert.Equal((acts.At("made"), "dentry"), (e[Fields.TargetFilename], e[Fields.PathSource])));
        var settled = events[1];
        Assert.Equal(told[0], string.Join(' ', settled[Fields.FileInode], settled[Fields.FileDevice], settled[Fields.FileMode],
            settled[Fields.FileOwner], settled[Fields.FileGroup], settled[Fields.FileSize]));
        Assert.Equal(("file", "close", "close"), (settled[Fields.FileType], settled[Fields.SettledBy], settled[Fields.SystemCall] ?? "close"));
        Assert.Equal(("O_WRONLY|O_CREAT", "openat"), (events[0][Fields.OpenFlags], events[0][Fields.SystemCall]));
        Assert.Equal("O_RDWR|O_TRUNC", events[2][Fields.OpenFlags]);
        Assert.All(events, e => Assert.Equal(settled[Fields.FileInode], e[Fields.FileInode]));
        Assert.All(events, e => Assert.Null(e[Fields.FileFlags]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_way_to_open_is_seen(bool typed)
    {
        using var acts = new FileActs(typed);
        Directory.CreateDirectory(acts.At("sub"));
        List<string> words = ["openat", "sub", "wc", "by-at", "openat2", "wc", "by-2", "handle", "w", "by-2", "open", "+T", "."];
        List<string> calls = ["openat", "openat2", "open_by_handle_at", "openat"];
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64)
        {
            words.AddRange("creat by-creat old_open wc by-open open32 wc by-32".Split(' '));
            calls.AddRange("creat open open".Split(' '));
        }

        var (events, _) = acts.Run(words);
        var opened = events.Where(e => e.Kind is EventKind.FileCreate or EventKind.FileOpen).ToList();
        Assert.Equal(calls, opened.Select(e => e[Fields.SystemCall]!));
        Assert.Equal([acts.At("sub/by-at"), acts.At("by-2"), acts.At("by-2")], opened.Take(3).Select(e => e[Fields.TargetFilename]));
        Assert.Equal([EventKind.FileCreate, EventKind.FileCreate, EventKind.FileOpen, EventKind.FileCreate], opened.Take(4).Select(e => e.Kind));
        Assert.StartsWith(acts.At("#"), opened[3][Fields.TargetFilename], StringComparison.Ordinal);
        Assert.Equal("deleted", opened[3][Fields.FileFlags]);
        if (calls.Count < 7) return;
        Assert.Equal([acts.At("by-creat"), acts.At("by-open"), acts.At("by-32")], opened.Skip(4).Select(e => e[Fields.TargetFilename]));
        Assert.Equal("compat", opened[6][Fields.FileFlags]);
    }

    [Fact]
    public void Relative_paths_links_and_dots_come_out_as_the_file_s_own_path()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("a/b"));
        Directory.CreateSymbolicLink(acts.At("elsewhere"), "a/b");
        var (events, _) = acts.Run("chdir", "a", "open", "wc", "../elsewhere/../x", "open", "wc", "./b/..//b/y", "open", "wc", "../elsewhere/z");
        Assert.Equal([acts.At("a/x"), acts.At("a/b/y"), acts.At("a/b/z")],
            events.Where(e => e.Kind == EventKind.FileCreate).Select(e => e[Fields.TargetFilename]));
    }

    [Fact]
    public void In_a_chroot_a_mount_namespace_and_a_bind_mount_paths_reach_the_namespace_s_root()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("root/etc"));
        Directory.CreateDirectory(acts.At("bound"));
        Directory.CreateDirectory(acts.At("fresh"));
        var (events, _) = acts.Run("unshare", "bind", "root", "bound", "tmpfs", "fresh", "open", "wc", "bound/etc/x", "open", "wc", "fresh/y",
            "chroot", "root", "chdir", "/", "open", "wc", "/etc/z", "unlinkat", ".", "/etc/z", "unlinkat", ".", "etc/x");
        Assert.Equal([acts.At("bound/etc/x"), acts.At("fresh/y"), acts.At("root/etc/z")],
            events.Where(e => e.Kind == EventKind.FileCreate).Select(e => e[Fields.TargetFilename]));
        var gone = events.Where(e => e.Kind == EventKind.FileDelete).ToList();
        Assert.Equal([(acts.At("root/etc/z"), "caller", acts.At("root")), (acts.At("root/etc/x"), "cwd", null)],
            gone.Select(e => (e[Fields.TargetFilename], e[Fields.PathSource], e[Fields.RootDirectory])));
    }

    [Fact]
    public void A_file_that_is_renamed_or_removed_while_open_settles_under_its_last_name()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "wc", "old", "write", "x", "renameat2", ".", "old", ".", "new", "0", "close",
            "open", "w", "new", "write", "y", "unlinkat", ".", "new", "close");
        var settled = events.Where(e => e.Kind == EventKind.FileModify).ToList();
        Assert.Equal([(acts.At("new"), null), (acts.At("new"), "deleted")], settled.Select(e => (e[Fields.TargetFilename], e[Fields.FileFlags])));
    }

    [Fact]
    public void Names_keep_their_bytes_whatever_they_are()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "wc", "two\nlines", "unlinkat", ".", "two\nlines");
        Assert.All(events, e => Assert.Equal(acts.At("two\nlines"), e[Fields.TargetFilename]));
        Assert.Equal(2, events.Count);

        // .NET passes arguments as UTF-8: bash makes the others.
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/bash",
            ["-c", "printf x > $'bad\\xff\\xfename'"]) { WorkingDirectory = acts.Folder })!;
        bash.WaitForExit();
        var made = acts.Ring.WaitFor("the name", e => e.Kind == EventKind.FileCreate && e.Key.Pid == bash.Id)[0];
        Assert.Equal([.. Encoding.UTF8.GetBytes(acts.At("bad")), 0xff, 0xfe, .. "name"u8], made.Fields["TargetFilename"]);
    }

    [Fact]
    public void A_path_beyond_the_limit_keeps_its_end_and_says_that_it_is_cut()
    {
        using var acts = new FileActs(true);
        var part = new string('d', 200);
        var (events, _) = acts.Run("deep", part, "25", "open", "wc", "leaf", "unlinkat", ".", "leaf");
        var made = events.Single(e => e.Kind == EventKind.FileCreate);
        Assert.EndsWith($"/{part}/{part}/leaf", made[Fields.TargetFilename], StringComparison.Ordinal);
        Assert.InRange(made[Fields.TargetFilename]!.Length, 3800, 4096);
        Assert.Equal("cut", made[Fields.FileFlags]);
        var gone = events.Single(e => e.Kind == EventKind.FileDelete);
        Assert.EndsWith($"/{part}/leaf", gone[Fields.TargetFilename], StringComparison.Ordinal);
        Assert.Contains("cut", gone[Fields.FileFlags], StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_and_terminals_make_no_events_while_nobody_asks()
    {
        using var acts = new FileActs(true);
        File.WriteAllText(acts.At("there"), "text");
        var (events, _) = acts.Run("open", "r", "there", "read", "close", "open", "w", "/dev/null", "write", "x", "close", "open", "p", "there", "close");
        Assert.Empty(events);
    }
}
