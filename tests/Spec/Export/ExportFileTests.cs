using System.Text;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Detection.Export;
using Picket.Spec.Journal;

namespace Picket.Spec.Export;

public sealed class ExportFileTests
{
    private const string Path1 = "/events/events.ndjson";
    private static readonly ExportOptions Options = new() { Path = Path1, Kinds = [EventKind.ProcessCreation], MaxFileBytes = 4096, MaxFiles = 2 };

    private readonly FaultyFileSpace _files = new();
    private readonly List<SinkNotice> _notices = [];

    [Fact]
    public void A_full_disk_is_said_once_leaves_whole_lines_and_ends()
    {
        using var file = ExportFile.Open(_files, Options, _notices.Add);
        Assert.True(file.Append("one\n"u8));
        _files.FreeBytes = 2;
        Assert.False(file.Append("two\n"u8));
        Assert.False(file.Append("three\n"u8));
        Assert.Equal(["export-failed"], _notices.Select(notice => notice.Name));
        _files.FreeBytes = 1000;
        Assert.True(file.Append("four\n"u8));
        Assert.Equal(["export-failed", "export-resumed"], _notices.Select(notice => notice.Name));
        Assert.Equal("one\nfour\n", Text(Path1));
    }

    [Fact]
    public void A_device_that_fails_is_said_and_costs_only_what_was_written_meanwhile()
    {
        using var file = ExportFile.Open(_files, Options, _notices.Add);
        _files.FailWrites = true;
        Assert.False(file.Append("one\n"u8));
        Assert.Contains("the device failed", Assert.Single(_notices).Message);
        _files.FailWrites = false;
        Assert.True(file.Append("two\n"u8));
        Assert.Equal("two\n", Text(Path1));
    }

    [Fact]
    public void A_full_file_becomes_the_youngest_of_the_old_ones_and_the_oldest_goes()
    {
        using var file = ExportFile.Open(_files, Options, _notices.Add);
        for (var i = 0; i < 4; i++) Assert.True(file.Append(Line((char)('a' + i))));
        Assert.Equal(("d", "c", "b"), (Text(Path1)[..1], Text(Path1 + ".1")[..1], Text(Path1 + ".2")[..1]));
        Assert.False(_files.Exists(Path1 + ".3"));
        Assert.Empty(_notices);
    }

    [Fact]
    public void What_an_earlier_run_wrote_stays_and_its_half_line_is_a_line_of_its_own()
    {
        _files.EnsureFolder("/events");
        _files.Put(Path1, "whole\nhal"u8.ToArray());
        using var file = ExportFile.Open(_files, Options, _notices.Add);
        Assert.True(file.Append("new\n"u8));
        Assert.Equal("whole\nhal\nnew\n", Text(Path1));
    }

    [Fact]
    public void A_file_that_is_moved_away_is_followed_by_a_new_one()
    {
        using var file = ExportFile.Open(_files, Options, _notices.Add);
        Assert.True(file.Append("one\n"u8));
        _files.Rename(Path1, "/events/moved");
        Assert.True(file.Append("two\n"u8));
        Assert.Equal(("one\n", "two\n"), (Text("/events/moved"), Text(Path1)));
    }

    [Theory]
    [InlineData("events.ndjson", 4096, 2, "absolute")]
    [InlineData(Path1, 100, 2, "MaxFileBytes")]
    [InlineData(Path1, 4096, -1, "MaxFiles")]
    public void Options_out_of_range_are_refused(string path, long bytes, int files, string what)
    {
        var wrong = Options with { Path = path, MaxFileBytes = bytes, MaxFiles = files };
        Assert.Contains(what, Assert.Throws<ArgumentException>(wrong.Validate).Message);
    }

    [Fact]
    public void Only_what_happens_is_exported()
    {
        Assert.Throws<ArgumentException>((Options with { Kinds = [] }).Validate);
        Assert.Throws<ArgumentException>((Options with { Kinds = [EventKind.ProcessSnapshot] }).Validate);
        Assert.Null(ExportKinds.Find("process_snapshot"));
        Assert.All(ExportKinds.All, kind => Assert.Equal(kind, ExportKinds.Find(ExportKinds.NameOf(kind))));
    }

    /// <summary>The names are in configurations and in exported files.</summary>
    [Theory]
    [InlineData(EventKind.ProcessCreation, "process_creation")]
    [InlineData(EventKind.ProcessFork, "process_fork")]
    [InlineData(EventKind.ProcessTermination, "process_termination")]
    public void The_names_of_kinds_stay(EventKind kind, string name) => Assert.Equal(name, ExportKinds.NameOf(kind));

    private static byte[] Line(char letter) => [.. Enumerable.Repeat((byte)letter, 4000), (byte)'\n'];

    private string Text(string path) => Encoding.UTF8.GetString(_files.Content(path));
}
