using System.Diagnostics;
using System.Text;
using Picket.Detection.Events;
using Picket.Spec.Live;

namespace Picket.Spec.Ebpf;

/// <summary>Each kind of event about a file where names and places are such as an adversary, or a container, would have them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileHostileSpec
{
    /// <summary>One deed for each kind, on names that begin with what stands for %: the words, the kind, the target, the source.</summary>
    private static readonly (string Words, EventKind Kind, string Target, string? Source)[] Deeds =
    [
        ("open wc %f", EventKind.FileCreate, "%f", null),
        ("fchmod 0640", EventKind.FileMode, "%f", null),
        ("fchown 1 2", EventKind.FileOwner, "%f", null),
        ("write x close", EventKind.FileModify, "%f", null),
        ("open + %f", EventKind.FileOpen, "%f", null),
        ("ftruncate 9", EventKind.FileTruncate, "%f", null),
        ("close", EventKind.FileModify, "%f", null),
        ("mkdirat . %d", EventKind.DirectoryCreate, "%d", null),
        ("mknodat . %p 010600 0", EventKind.FileNode, "%p", null),
        ("linkat . %f . %h", EventKind.FileLink, "%h", "%f"),
        ("symlinkat %text . %s", EventKind.FileSymlink, "%s", "=%text"),
        ("fchmodat . %f 0600", EventKind.FileMode, "%f", null),
        ("fchownat . %f 3 4", EventKind.FileOwner, "%f", null),
        ("truncate %f 1", EventKind.FileTruncate, "%f", null),
        ("renameat2 . %h . %r 0", EventKind.FileRename, "%r", "%h"),
        ("unlinkat . %p", EventKind.FileDelete, "%p", null),
        ("removedir . %d", EventKind.DirectoryDelete, "%d", null),
        ("unlinkat . %s", EventKind.FileDelete, "%s", null),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_kind_keeps_the_bytes_of_its_names(bool typed)
    {
        using var acts = new FileActs(typed);
        byte[] strange = [.. "n\n"u8, 0xff, 0xc0, .. " \u001b\\"u8];
        var events = Run(acts, [], strange);
        byte[] folder = [.. Encoding.UTF8.GetBytes(acts.Folder), (byte)'/'];
        Check(events, folder, strange, e => Assert.Null(e[Fields.FileFlags]));
    }

    [Fact]
    public void Every_kind_in_a_folder_too_deep_keeps_its_end_and_says_that_it_is_cut()
    {
        using var acts = new FileActs(true);
        var part = new string('d', 200);
        var events = Run(acts, ["deep", part, "25"], "n"u8);
        events.RemoveAll(e => e.Kind == EventKind.DirectoryCreate && !e[Fields.TargetFilename]!.EndsWith("/nd", StringComparison.Ordinal));
        Assert.Equal(Deeds.Select(deed => deed.Kind), events.Select(e => e.Kind));
        foreach (var (deed, e) in Deeds.Zip(events))
        {
            Assert.EndsWith($"/{part}/{part}/{deed.Target.Replace("%", "n", StringComparison.Ordinal)}", e[Fields.TargetFilename], StringComparison.Ordinal);
            Assert.InRange(e[Fields.TargetFilename]!.Length, 3800, 4120);
            Assert.Contains("cut", e[Fields.FileFlags]!.Split('|'));
            if (deed.Source is { } source && source[0] != '=') Assert.EndsWith($"/{part}/n{source[1..]}", e[Fields.SourceFilename], StringComparison.Ordinal);
            if (deed.Source is { } other && other[0] != '=') Assert.Contains("source_cut", e[Fields.FileFlags]!.Split('|'));
        }
    }

    [Fact]
    public void Every_kind_in_a_chroot_says_where_that_is()
    {
        using var acts = new FileActs(true);
        Directory.CreateDirectory(acts.At("jail/in"));
        var events = Run(acts, ["chroot", "jail", "chdir", "/in"], "../../in/n"u8);
        Check(events, Encoding.UTF8.GetBytes(acts.At("jail/in/")), "n"u8, e => Assert.Null(e[Fields.FileFlags]));
        events = Run(acts, ["chroot", "jail", "chdir", "/"], "/in/m"u8);
        Check(events, Encoding.UTF8.GetBytes(acts.At("jail/in/")), "m"u8, e => Assert.Equal(e[Fields.PathSource] == "dentry" ? null : acts.At("jail"), e[Fields.RootDirectory]));
    }

    [Fact]
    public void Every_kind_in_a_mount_namespace_has_the_path_of_that_namespace()
    {
        using var acts = new FileActs(true);
        foreach (var name in new[] { "real", "bound", "fresh" }) Directory.CreateDirectory(acts.At(name));
        foreach (var place in new[] { "bound", "fresh" })
        {
            var events = Run(acts, ["unshare", "bind", "real", "bound", "tmpfs", "fresh", "chdir", place], "n"u8);
            Check(events, Encoding.UTF8.GetBytes(acts.At(place + "/")), "n"u8, e => Assert.Null(e[Fields.FileFlags]));
        }

        // Through a link that only that namespace has, while somebody lives there.
        using var holder = Process.Start(new ProcessStartInfo("unshare",
            ["-m", "bash", "-c", "mount -t tmpfs none fresh && mkdir fresh/far && ln -s far fresh/l && cd fresh && ../../files mkdirat . l/made renameat2 . l/made . l/moved 0 "
                + "removedir . l/moved; echo done; read end"]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = acts.Folder })!;
        Assert.Equal("done", holder.StandardOutput.ReadLine());
        var removed = acts.Ring.WaitFor("the removal", e => e.Kind == EventKind.DirectoryDelete && e[Fields.TargetFilename] == acts.At("fresh/far/moved"))[0];
        var moved = acts.Ring.Read(e => e.Kind == EventKind.FileRename && e.Key == removed.Key)[0];
        Assert.Equal((acts.At("fresh/far/moved"), acts.At("fresh/far/made"), "resolved"), (moved[Fields.TargetFilename], moved[Fields.SourceFilename], moved[Fields.PathSource]));
        holder.StandardInput.WriteLine();
        holder.WaitForExit();
    }

    private static void Check(List<SeenEvent> events, byte[] folder, ReadOnlySpan<byte> prefix, Action<SeenEvent> more)
    {
        var name = prefix.ToArray();
        Assert.Equal(Deeds.Select(deed => deed.Kind), events.Select(e => e.Kind));
        foreach (var (deed, e) in Deeds.Zip(events))
        {
            Assert.Equal((deed.Words, Readable([.. folder, .. name, .. Encoding.UTF8.GetBytes(deed.Target[1..])])), (deed.Words, Readable(e.Fields["TargetFilename"])));
            if (deed.Source is { } source && source[0] != '=')
                Assert.Equal((deed.Words, Readable([.. folder, .. name, .. Encoding.UTF8.GetBytes(source[1..])])), (deed.Words, Readable(e.Fields["SourceFilename"])));
            if (deed.Source is { } text && text[0] == '=') Assert.EndsWith("text", e[Fields.SourceFilename], StringComparison.Ordinal);
            more(e);
        }
    }

    private static string Readable(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Does all deeds, with a name's beginning in the place of %, behind other words.</summary>
    private static List<SeenEvent> Run(FileActs acts, string[] before, ReadOnlySpan<byte> prefix)
    {
        var name = prefix.ToArray();
        List<byte[]> words = [.. before.Prepend("files").Select(Encoding.UTF8.GetBytes)];
        foreach (var word in Deeds.SelectMany(deed => deed.Words.Split(' ')))
            words.Add(word[0] == '%' ? [.. name, .. Encoding.UTF8.GetBytes(word[1..])] : Encoding.UTF8.GetBytes(word));
        var pid = Spawn.Run(Path.Combine(Path.GetDirectoryName(acts.Folder)!, "files"), words, [], acts.Folder);
        var exit = acts.Ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == pid)[^1];
        return [.. acts.Of(exit.Key).Where(e => e.Kind != EventKind.FileAccess)];
    }
}
