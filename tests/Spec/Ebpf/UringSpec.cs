using System.Diagnostics;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>What goes through io_uring becomes ordinary events of the process that owns the ring.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UringSpec : IDisposable
{
    private readonly FileActs _acts = new(true, Concern.File, Concern.Uring);

    public void Dispose() => _acts.Dispose();

    [Fact]
    public void Files_worked_on_through_io_uring_are_seen_with_their_paths()
    {
        var events = Run();
        string?[] At(params string[] names) => [.. names.Select(_acts.At)];
        var byUring = events.Where(e => e[Fields.FileFlags]?.Contains("io_uring", StringComparison.Ordinal) == true && e.Kind != EventKind.Uring).ToList();
        Assert.Equal([EventKind.FileCreate, EventKind.FileRename, EventKind.FileLink, EventKind.FileSymlink, EventKind.DirectoryCreate,
            EventKind.FileDelete, EventKind.DirectoryDelete, EventKind.FileDelete], byUring.Select(e => e.Kind));
        Assert.Equal(At("made", "sub/moved", "hard", "soft", "sub/folder", "hard", "sub/folder", "soft"), byUring.Select(e => e[Fields.TargetFilename]));
        Assert.Equal([_acts.At("made"), _acts.At("sub/moved"), "../x"], byUring.Skip(1).Take(3).Select(e => e[Fields.SourceFilename]));
        Assert.Equal("openat renameat linkat symlinkat mkdirat unlinkat unlinkat unlinkat", string.Join(' ', byUring.Select(e => e[Fields.SystemCall])));
        Assert.Equal(("dentry", "io_uring"), (byUring[0][Fields.PathSource], byUring[0][Fields.FileFlags]));
        Assert.Equal("io_uring|unfinished", byUring[^1][Fields.FileFlags]);
        Assert.Equal([_acts.At("made")], events.Where(e => e.Kind == EventKind.FileModify).Select(e => e[Fields.TargetFilename]));
        Assert.Single(events.Select(e => e.Key).Distinct());
    }

    [Fact]
    public void Other_operations_are_named_when_they_are_asked_for()
    {
        Assert.Contains(Run(), e => e.Kind == EventKind.Uring && e[Fields.SystemCall] == "nop");
        _acts.Ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate);
        var before = _acts.Ring.Maps.ReadCounters()[RecordKind.Uring];
        Assert.Empty(Run());
        var after = _acts.Ring.Maps.ReadCounters()[RecordKind.Uring];
        Assert.Equal((before.Unasked + 1, before.Submitted), (after.Unasked, after.Submitted));
    }

    [Fact]
    public void Files_that_the_ring_keeps_for_itself_are_seen_with_their_own_paths_and_settle()
    {
        _acts.Make("there");
        var events = Run("direct");
        events.RemoveAll(e => e.Kind == EventKind.Uring);
        Assert.Equal([EventKind.FileCreate, EventKind.FileModify, EventKind.FileOpen, EventKind.FileTruncate, EventKind.FileModify], events.Select(e => e.Kind));
        Assert.Equal(new[] { "placed", "placed", "there", "there", "there" }.Select(_acts.At), events.Select(e => e[Fields.TargetFilename]));
        Assert.Equal("openat - openat2 ftruncate -", string.Join(' ', events.Select(e => e[Fields.SystemCall] ?? "-")));
        Assert.All(events, e => Assert.Equal("dentry", e[Fields.PathSource]));
        Assert.Equal(["io_uring", null, "io_uring", "io_uring", null], events.Select(e => e[Fields.FileFlags]));
        Assert.Equal(("640", "5", "4"), (events[0][Fields.FileMode], events[1][Fields.FileSize], events[4][Fields.FileSize]));
    }

    private List<SeenEvent> Run(params string[] words)
    {
        foreach (var name in new[] { "sub", "soft" }.Select(_acts.At).Where(Directory.Exists)) Directory.Delete(name, recursive: true);
        Directory.CreateDirectory(_acts.At("sub"));
        var program = CProgram.Compile("uring", Path.GetDirectoryName(_acts.Folder)!);
        using var process = Process.Start(new ProcessStartInfo(program, words) { WorkingDirectory = _acts.Folder })!;
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == 77, "this kernel has no io_uring");
        Assert.Equal(0, process.ExitCode);
        var exit = _acts.Ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == process.Id)[^1];
        return _acts.Ring.Read(e => e.Key == exit.Key && ((int)e.Kind is >= 16 and < 32 || e.Kind == EventKind.Uring));
    }
}
