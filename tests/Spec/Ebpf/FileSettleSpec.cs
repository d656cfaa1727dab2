using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>A file that was written to is reported once, when it is done with, however that comes about.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileSettleSpec
{
    public static TheoryData<bool, string, string, string?> Ways => new()
    {
        { true, "write new close", "close", null },
        { false, "write new close", "close", null },
        { true, "write new dup3", "dup", null },
        { false, "write new dup3", "dup", null },
        { true, "write new range", "close_range", null },
        { true, "write new", "exit", null },
        { false, "write new", "exit", null },
        { true, "write new exec", "exit", null },
        { true, "pwrite new close", "close", null },
        { true, "write new dup close close_dup", "close", null },
        { true, "write new fork", "exit", null },
        { true, "ftruncate 3 close", "close", null },
        { true, "map close", "close", "mapped" },
        { true, "map", "exit", "mapped" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_existing_file_settles_once(bool typed, string words, string by, string? flags)
    {
        using var acts = new FileActs(typed);
        acts.Make("there");
        var before = acts.Ring.Maps.ReadCounters()[RecordKind.FileModify];
        acts.Run(["open", "+", "there", .. words.Split(' ')]);
        var settled = acts.Ring.Read(e => e.Kind == EventKind.FileModify && e[Fields.TargetFilename] == acts.At("there")
            && e.Key.Pid != Environment.ProcessId);
        Assert.Equal([(by, flags)], settled.Select(e => (e[Fields.SettledBy], e[Fields.FileFlags])));
        var after = acts.Ring.Maps.ReadCounters()[RecordKind.FileModify];
        Assert.True(after.Seen > before.Seen && after.Seen == after.Left, $"{after.Seen} seen, {after.Left} left");
    }

    [Theory]
    [InlineData("open w there close")]
    [InlineData("open + there read close")]
    [InlineData("open +c fresh close")]
    [InlineData("open + there")]
    public void What_was_not_written_does_not_settle(string words)
    {
        using var acts = new FileActs(true);
        acts.Make("there");
        var (events, _) = acts.Run(words.Split(' '));
        Assert.DoesNotContain(events, e => e.Kind == EventKind.FileModify);
    }

    [Fact]
    public void A_descriptor_that_an_exec_closes_settles_before_it()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "wcx", "made", "write", "x", "exec");
        Assert.Equal(["exec"], events.Where(e => e.Kind == EventKind.FileModify).Select(e => e[Fields.SettledBy]));
        var exec = acts.Ring.Read(e => e.Kind == EventKind.ProcessCreation && e.Key == events[0].Key)[^1];
        Assert.True(events[^1].Sequence < exec.Sequence);
    }

    [Fact]
    public void A_file_opened_before_the_programs_came_settles_as_unsure()
    {
        using var acts = new FileActs(true);
        acts.Make("there");
        acts.Ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate);
        using (var early = File.OpenWrite(acts.At("there")))
        {
            acts.Ring.Maps.State.SetWanted(_ => true);
        }

        var settled = acts.Ring.WaitFor("the file", e => e.Kind == EventKind.FileModify && e[Fields.TargetFilename] == acts.At("there")
            && e[Fields.FileFlags] is not null);
        Assert.Equal("unsure", settled[0][Fields.FileFlags]);
    }

    [Fact]
    public void A_write_within_a_tick_of_the_change_before_the_open_is_not_missed()
    {
        using var acts = new FileActs(true);
        var (events, _) = acts.Run("open", "wc", "there", "write", "abc", "close", "open", "+", "there", "pwrite", "xyz", "close");
        var settled = events.Where(e => e.Kind == EventKind.FileModify).ToList();
        Assert.Equal(2, settled.Count);
        Assert.Null(settled[0][Fields.FileFlags]);
        Assert.True(settled[1][Fields.FileFlags] is null or "unsure", settled[1][Fields.FileFlags]);
    }
}
