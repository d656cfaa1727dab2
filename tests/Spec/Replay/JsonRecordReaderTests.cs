using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Replay;

public sealed class JsonRecordReaderTests
{
    private readonly FieldId _nested = FieldTable.Intern("NdjsonTests.a.b");
    private readonly FieldId _list = FieldTable.Intern("NdjsonTests.list");
    private readonly FieldId _deep = FieldTable.Intern("NdjsonTests.list.x");

    private readonly List<MalformedRecord> _malformed = [];

    [Fact]
    public void Fields_of_every_shape_arrive()
    {
        var batch = Read("""
            {"Image":"/bin/x","CommandLine":"a \"b\" \u00e9","ProcessId":12,"NdjsonTests.a.b":true}
            {"NdjsonTests":{"a":{"b":null},"list":["x",2,{"x":"deep"}]}}
            """);
        Assert.Equal(2, batch.Count);
        var first = batch.View(0);
        Assert.Equal("/bin/x", Text(first.First(Fields.Image)));
        Assert.Equal("a \"b\" é", Text(first.First(Fields.CommandLine)));
        Assert.Equal(FieldKind.Number, first.First(Fields.ProcessId).Kind);
        Assert.Equal("12", Text(first.First(Fields.ProcessId)));
        Assert.Equal(FieldKind.Boolean, first.First(_nested).Kind);
        Assert.Equal(1UL, first.Record.Sequence);
        Assert.StartsWith("{\"Image\"", Encoding.UTF8.GetString(first.Raw));

        var second = batch.View(1);
        Assert.Equal(FieldKind.Null, second.First(_nested).Kind);
        Assert.Equal("deep", Text(second.First(_deep)));
        var values = new List<string>();
        foreach (var value in second.All(_list)) values.Add(Text(value));
        Assert.Equal(["x", "2"], values);
    }

    [Theory]
    [InlineData("4688.0", "4688")]
    [InlineData("-10.000", "-10")]
    [InlineData("0.0", "0")]
    [InlineData("4688", "4688")]
    [InlineData("4680", "4680")]
    [InlineData("1.50", "1.5")]
    [InlineData("1.05", "1.05")]
    [InlineData("10.0e1", "100")]
    [InlineData("\"4688.0\"", "4688.0")]
    public void A_fraction_of_zeros_is_none(string json, string text)
    {
        Assert.Equal(text, Text(Read($$"""{"ProcessId":{{json}}}""").View(0).First(Fields.ProcessId)));
        Assert.Equal(text, Text(Read($$"""{"x":{},"ProcessId":{{json}}}""").View(0).First(Fields.ProcessId)));
    }

    [Fact]
    public void A_malformed_line_is_told_with_its_place_and_the_rest_is_read()
    {
        var batch = Read("{\"Image\":\"/a\"}\n{\"Image\": oops}\n\n[1]\n{\"Image\":\"/b\"\n{\"Image\":\"/c\"}");
        Assert.Equal(["/a", "/c"], Enumerable.Range(0, batch.Count).Select(i => Text(batch.View(i).First(Fields.Image))));
        Assert.Equal([2L, 4L, 5L], _malformed.Select(m => m.Line));
        Assert.Equal(11, _malformed[0].Column);
        Assert.Contains("input.ndjson:2:11: ", _malformed[0].ToString());
        Assert.Equal(6UL, batch.View(1).Record.Sequence);
    }

    [Fact]
    public void However_much_is_malformed_the_record_behind_it_is_read()
    {
        var text = string.Concat(Enumerable.Repeat("{\"Image\": oops}\n", 10_000)) + "{\"Image\":\"/a\"}\n";
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input.ndjson", _malformed.Add);
        var batch = new EventBatch(4, 8 * 1024);
        Assert.True(reader.Fill(batch, null));
        Assert.Equal("/a", Text(batch.View(0).First(Fields.Image)));
        Assert.Equal(10_000, _malformed.Count);
    }

    [Theory]
    [InlineData("\uFEFF{\"Image\":\"/a\"}\r\n{\"Image\":\"/b\"}\r\n")]
    [InlineData("\n\n  \n{\"Image\":\"/a\"}\n{\"Image\":\"/b\"}")]
    public void Byte_order_mark_carriage_returns_blank_lines_and_a_missing_last_newline_are_fine(string text)
    {
        Assert.Equal(2, Read(text).Count);
        Assert.Empty(_malformed);
    }

    [Fact]
    public void A_byte_order_mark_is_no_column()
    {
        Read("\uFEFF{\"Image\": oops}\n{\"Image\": oops}");
        Assert.Equal([(1L, 11), (2L, 11)], _malformed.Select(place => (place.Line, place.Column)));
    }

    [Fact]
    public void A_line_over_the_limit_is_one_malformed_line()
    {
        var text = new MemoryStream();
        text.Write("{\"Image\":\""u8);
        text.Write(Enumerable.Repeat((byte)'x', JsonRecordReader.MaxRecord).ToArray());
        text.Write("\"}\n{\"Image\":\"/b\"}\n"u8);
        text.Position = 0;
        var batch = Read(text);
        Assert.Equal(1, batch.Count);
        Assert.Equal(2UL, batch.View(0).Record.Sequence);
        Assert.Equal(1, Assert.Single(_malformed).Line);
    }

    [Fact]
    public void Nothing_that_a_file_can_hold_throws()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            using var reader = new JsonRecordReader(new MemoryStream(bytes), "fuzz", _ => { });
            var batch = new EventBatch(64, 64 * 1024);
            while (reader.Fill(batch, null)) batch.LetGo();
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("{\"logsource\":{\"product\":\"ndjsontest\",\"category\":\"process_creation\"}}", true)]
    [InlineData("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1}", true)]
    [InlineData("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":3}", false)]
    [InlineData("{\"Image\":\"/a\"}", false)]
    public void A_record_may_say_where_it_comes_from(string line, bool creation)
    {
        EventRouteTable.Route("ndjsontest", "process_creation", null);
        EventRouteTable.Intern("windows");
        var record = Read(line).View(0).Record;
        Assert.Equal(creation ? EventKind.ProcessCreation : EventKind.Unknown, record.Kind);
        if (line.Contains("Image", StringComparison.Ordinal)) Assert.Equal(EventRoute.Any, record.Route);
    }

    [Theory]
    [InlineData("{\"@timestamp\":\"2024-05-06T07:08:09.123Z\"}", 1714979289123000000)]
    [InlineData("{\"UtcTime\":\"2024-05-06 07:08:09.123\"}", 1714979289123000000)]
    [InlineData("{\"UtcTime\":\"not a time at all\"}", 0)]
    [InlineData("{\"timestamp\":\"2024-05-06T07:08:09.123Z\"}", 1714979289123000000)]
    [InlineData("{\"eventTime\":\"2024-05-06T07:08:09Z\"}", 1714979289000000000)]
    [InlineData("{\"_time\":\"2024-05-06T09:08:09.123+02:00\"}", 1714979289123000000)]
    [InlineData("{\"time\":\"12:30:00.123\",\"ts\":1714979289.123}", 1714979289123000000)]
    [InlineData("{\"@timestamp\":1714979289}", 1714979289000000000)]
    [InlineData("{\"@timestamp\":1714979289123}", 1714979289123000000)]
    [InlineData("{\"@timestamp\":\"1714979289123456\"}", 1714979289123456000)]
    [InlineData("{\"@timestamp\":1714979289123456789}", 1714979289123456789)]
    [InlineData("{\"time\":133594528891230000}", 0)]
    [InlineData("{\"time\":123456789}", 0)]
    [InlineData("{\"timestamp\":\"2020-01-01T00:00:00Z\",\"UtcTime\":\"2024-05-06 07:08:09.123\"}", 1714979289123000000)]
    [InlineData("{\"Image\":\"/a\"}", 0)]
    public void A_record_may_say_when_it_happened(string line, long expected) =>
        Assert.Equal((ulong)expected, Read(line).View(0).Record.TimeNs);

    [Theory]
    [InlineData("\\ud800", "\uFFFD")]
    [InlineData("a\\ud800\\u0041", "a\uFFFDA")]
    [InlineData("\\udc00 \\ud83d\\ude00\\n\\u00e9", "\uFFFD \U0001F600\n\u00E9")]
    [InlineData("\\ud800\\b\\f\\/\\r\\t\\\"", "\uFFFD\b\f/\r\t\"")]
    [InlineData("\\ud83dxxde00 and more", "\uFFFDxxde00 and more")]
    [InlineData("a\\n b\\ud800 c", "a\n b\uFFFD c")]
    [InlineData("\\ud800\\ud83d\\ude00\\\\", "\uFFFD\U0001F600\\")]
    public void A_lone_surrogate_does_not_hide_the_event(string escaped, string expected)
    {
        var batch = Read($"{{\"Image\":\"/a\",\"CommandLine\":\"{escaped}\"}}");
        Assert.Empty(_malformed);
        Assert.Equal(expected, Text(batch.View(0).First(Fields.CommandLine)));
    }

    [Theory]
    [InlineData("{\"Records\":[{\"Image\":\"/a\"},{\"Image\":\"/b\"}]}")]
    [InlineData("{\n \"Records\" : [\n {\n  \"Image\": \"/a\"\n },\n {\n  \"Image\": \"/b\"\n } ]\n}\n")]
    [InlineData("{\"Records\":[{\"Image\":\"/a\"}]}\n{\"Records\":[{\"Image\":\"/b\"}]}\n")]
    [InlineData("{\"Records\":[{\"Image\":\"/a\"}]}{\"Image\":\"/b\"}")]
    public void The_records_of_a_delivery_are_records(string text)
    {
        var batch = Read(text);
        Assert.Empty(_malformed);
        Assert.Equal(["/a", "/b"], Enumerable.Range(0, batch.Count).Select(i => Text(batch.View(i).First(Fields.Image))));
    }

    [Theory]
    [InlineData("{\"Records\":{\"Image\":\"/a\"}}")]
    [InlineData("{\"Records\":[1],\"Image\":\"/a\"}")]
    public void Another_object_with_such_a_name_is_one_record(string text)
    {
        Assert.Equal(1, Read(text).Count);
        Assert.Empty(_malformed);
    }

    private static string Text(FieldValue value) => Encoding.UTF8.GetString(value.Text);

    private EventBatch Read(string text) => Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private EventBatch Read(Stream stream)
    {
        using var reader = new JsonRecordReader(stream, "input.ndjson", _malformed.Add);
        var batch = new EventBatch(64, 64 * 1024);
        reader.Fill(batch, null);
        return batch;
    }
}
