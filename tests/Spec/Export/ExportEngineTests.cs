using System.Text;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Detection.Export;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Journal;

namespace Picket.Spec.Export;

public sealed class ExportEngineTests : IDisposable
{
    private const string Path1 = "/events/events.ndjson";
    private const ulong Second = 1_000_000_000;
    private static readonly FieldId Several = FieldTable.Intern("ExportEngineTests.Several");
    private static readonly ExportOptions Options = new() { Path = Path1, Kinds = [EventKind.ProcessCreation], MaxFileBytes = 1 << 30 };

    private readonly FaultyFileSpace _files = new();
    private readonly ManualClock _clock = new();
    private readonly ExportFile _file;
    private readonly ExportEngine _engine;
    private readonly EventBatch _batch = new(16, 64 * 1024);

    public ExportEngineTests()
    {
        _file = ExportFile.Open(_files, Options, notice => Assert.Fail(notice.Message));
        _engine = new ExportEngine(Options, _file, _clock);
        var now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

        // The clock of the events began five seconds ago.
        _batch.Begin(new EventSource("test", "boot", null, now - (5 * (long)Second)), null);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_line_has_Sigmas_names_the_log_source_the_process_key_and_the_delay()
    {
        ref var record = ref Add();
        record.Sequence = 77;
        record.Flags = EventFlags.Script;
        _batch.AddText(Fields.Image, "/bin/sh"u8);
        _batch.AddText(Fields.CommandLine, "sh -c \"a\nb\" \u001b é"u8);
        _batch.AddField(Fields.ExitCode, FieldKind.Number, _batch.Append("12"u8), 2);
        _batch.AddText(Several, "x"u8);
        _batch.AddText(Several, "y"u8);
        _batch.SetDetail(new ProcessDetail { ImageInode = 4711, ImageDevice = (8 << 20) | 1 });
        var line = Assert.Single(Lines());
        Assert.Equal("/bin/sh", line.GetProperty("Image").GetString());
        Assert.Equal("sh -c \"a\nb\" \u001b é", line.GetProperty("CommandLine").GetString());
        Assert.Equal(12, line.GetProperty("ExitCode").GetInt32());
        Assert.Equal(["x", "y"], line.GetProperty("ExportEngineTests.Several").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("process_creation", line.GetProperty("logsource").GetProperty("category").GetString());
        Assert.Equal("linux", line.GetProperty("logsource").GetProperty("product").GetString());
        Assert.Equal(_clock.GetUtcNow() - TimeSpan.FromSeconds(2), line.GetProperty("@timestamp").GetDateTimeOffset());
        var own = line.GetProperty("picket");
        Assert.Equal("process_creation", own.GetProperty("kind").GetString());
        Assert.Equal((42, 5UL, 43), (own.GetProperty("pid").GetInt32(), own.GetProperty("start_ns").GetUInt64(), own.GetProperty("tid").GetInt32()));
        Assert.Equal((77UL, 3 * Second, 2 * (long)Second),
            (own.GetProperty("sequence").GetUInt64(), own.GetProperty("time_ns").GetUInt64(), own.GetProperty("delay_ns").GetInt64()));
        Assert.Equal((4711UL, 0x800001U), (own.GetProperty("image_inode").GetUInt64(), own.GetProperty("image_device").GetUInt32()));
        Assert.Equal((ushort)EventFlags.Script, own.GetProperty("flags").GetUInt16());
        Assert.False(own.TryGetProperty("bytes", out _));
    }

    [Fact]
    public void Bytes_that_are_no_text_have_a_twin()
    {
        byte[] name = [(byte)'/', 0xFF, 0xC3, (byte)'x'];
        Add();
        _batch.AddText(Fields.Image, name);
        var line = Assert.Single(Lines());
        Assert.Contains("\uFFFD", line.GetProperty("Image").GetString(), StringComparison.Ordinal);
        Assert.Equal(name, line.GetProperty("picket").GetProperty("bytes").GetProperty("Image").GetBytesFromBase64());
    }

    [Fact]
    public void What_the_process_context_knows_is_there_once_and_the_records_own_word_counts()
    {
        Add();
        _batch.AddText(Fields.Image, "/own"u8);
        _batch.Attach(0, new Told());
        var line = Assert.Single(Lines());
        Assert.Equal("/own", line.GetProperty("Image").GetString());
        Assert.Equal("told -v", line.GetProperty("CommandLine").GetString());
        Assert.Equal(["Image", "CommandLine"], line.EnumerateObject().Select(member => member.Name).Where(name => char.IsUpper(name[0])));
    }

    [Fact]
    public void A_replay_reads_what_was_exported()
    {
        Add();
        _batch.AddText(Fields.Image, "/bin/x"u8);
        _batch.AddText(Several, "x"u8);
        _batch.AddText(Several, "y"u8);
        Lines();
        var read = new EventBatch(4, 64 * 1024);
        using var reader = new JsonRecordReader(new MemoryStream(_files.Content(Path1)), "events.ndjson", malformed => Assert.Fail(malformed.ToString()));
        reader.Fill(read, null);
        Assert.Equal(1, read.Count);
        var view = read.View(0);
        Assert.Equal("/bin/x"u8, view.First(Fields.Image).Text);
        Assert.Equal(EventKind.ProcessCreation, view.Record.Kind);
        Assert.Equal((ulong)(_clock.GetUtcNow() - TimeSpan.FromSeconds(2) - DateTimeOffset.UnixEpoch).Ticks * 100, view.Record.TimeNs);
    }

    [Fact]
    public void Lines_are_forgotten_when_they_cannot_be_written_and_never_pile_up()
    {
        var files = new FaultyFileSpace();
        using var file = ExportFile.Open(files, Options, _ => { });
        files.FailWrites = true;
        using var engine = new ExportEngine(Options, file, _clock);
        Add();
        _batch.AddText(Fields.CommandLine, new byte[ExportEngine.MostBytes]);
        engine.Add(_batch.View(0));
        Assert.True(engine.IsFull);
        Assert.Equal(1, engine.Pending);
        Assert.False(engine.Flush());
        Assert.False(engine.IsFull);
        Assert.Equal(0, engine.Pending);
        Assert.True(engine.Wants(EventKind.ProcessCreation));
        Assert.False(engine.Wants(EventKind.ProcessTermination));
    }

    private ref EventRecord Add()
    {
        ref var record = ref _batch.Add(EventKind.ProcessCreation);
        record.Route = EventRouteTable.Route("linux", "process_creation", null);
        record.Key = new ProcessKey(5, 42);
        record.ThreadId = 43;
        record.TimeNs = 3 * Second;
        return ref record;
    }

    private List<JsonElement> Lines()
    {
        for (var i = 0; i < _batch.Count; i++) _engine.Add(_batch.View(i));
        Assert.True(_engine.Flush());
        var text = Encoding.UTF8.GetString(_files.Content(Path1));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private sealed class Told : EventContext
    {
        public override FieldValue Find(FieldId field) =>
            field == Fields.Image ? new FieldValue(FieldKind.Text, "/told"u8)
            : field == Fields.CommandLine ? new FieldValue(FieldKind.Text, "told -v"u8) : default;
    }
}
