using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Replay;

/// <summary>JSON objects in every layout that files have them in.</summary>
public sealed class JsonLayoutSpec
{
    private readonly FieldId _id = FieldTable.Intern("JsonLayout.id");
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true };

    private readonly List<MalformedRecord> _malformed = [];

    [Theory]
    [InlineData("""{"JsonLayout.id":1}{"JsonLayout.id":2}{"JsonLayout.id":3}""")]
    [InlineData("""{"JsonLayout.id":1} {"JsonLayout.id":2},{"JsonLayout.id":3},""")]
    [InlineData("""[{"JsonLayout.id":1},{"JsonLayout.id":2},{"JsonLayout.id":3}]""")]
    [InlineData("""[[{"JsonLayout.id":1}],{"JsonLayout.id":2},[],[{"JsonLayout.id":3}]]""")]
    [InlineData("[\n  {\n    \"JsonLayout.id\": 1\n  },\n  {\n    \"JsonLayout.id\": 2\n  },\n  {\"JsonLayout.id\": 3}\n]\n")]
    [InlineData("{\n\"JsonLayout.id\":\n1\n}\n{\n\"JsonLayout.id\":\n2\n}{\"JsonLayout.id\":3}\n")]
    [InlineData("{\"JsonLayout.id\":1}\n{\n \"JsonLayout.id\":2,\n \"x\":\n{\n\"y\":[\n{\n}\n]\n}\n}\n{\"JsonLayout.id\":3}")]
    [InlineData("{\"a\":\"}{\\\"\",\"JsonLayout.id\":1}{\"b\":\"\\\\\",\"JsonLayout.id\":2}\r\n{\"JsonLayout.id\":3}")]
    [InlineData("{\"records\":[{\"JsonLayout.id\":1},{\"JsonLayout.id\":2}]}\n{\"JsonLayout.id\":3}")]
    [InlineData("{\"@odata.context\":\"x\",\"value\":[{\"JsonLayout.id\":1},{\"JsonLayout.id\":2}],\"@odata.nextLink\":\"]}\\\"\"}{\"JsonLayout.id\":3}")]
    [InlineData("{\n \"preview\": false,\n \"init_offset\": 0,\n \"results\": [\n  {\"JsonLayout.id\":1},\n  {\"JsonLayout.id\":2},\n  {\n\"JsonLayout.id\":3}\n ],\n \"fields\":[{\"name\":\"x\"}]\n}\n")]
    [InlineData("{\"took\":3,\"timed_out\":false,\"_shards\":{\"total\":1},\"hits\":{\"total\":{\"value\":3},\"max_score\":1,\"hits\":[{\"JsonLayout.id\":1},{\"JsonLayout.id\":2},{\"JsonLayout.id\":3}]},\"aggregations\":{\"x\":[{}]}}")]
    [InlineData("{\"results\":[]}{\"records\":[{\"JsonLayout.id\":1}]\n{\"records\":[{\"JsonLayout.id\":2}]}\n{\"JsonLayout.id\":3}")]
    public void Records_are_found_in_every_layout(string text)
    {
        Assert.Equal([1, 2, 3], Ids(text));
        Assert.Empty(_malformed);
        foreach (var piece in (int[])[1, 2, 3, 7]) Assert.Equal([1, 2, 3], Ids(text, piece));
        Assert.Empty(_malformed);
    }

    [Theory]
    [InlineData("{\"JsonLayout.id\":1,\"records\":[{\"JsonLayout.id\":2}]}", new[] { 1 })]
    [InlineData("{\"preview\":false,\"other\":1,\"Events\":[{\"JsonLayout.id\":2}],\"JsonLayout.id\":1}", new[] { 2 })]
    [InlineData("{\"value\":[1,2],\"JsonLayout.id\":1}", new[] { 1 })]
    [InlineData("{\"value\":{\"x\":[{}]},\"JsonLayout.id\":1}", new[] { 1 })]
    [InlineData("{\"hits\":[{\"x\":1}],\"JsonLayout.id\":1}", new[] { 1 })]
    [InlineData("{\"total\":5,\"JsonLayout.id\":1}", new[] { 1 })]
    public void An_object_that_is_a_record_itself_stays_one(string text, int[] ids)
    {
        var id = FieldTable.Intern(ids[0] == 2 ? "Events.JsonLayout.id" : "JsonLayout.id");
        var batch = Read(text);
        Assert.Equal(1, batch.Count);
        Assert.Equal($"{ids[0]}", Encoding.UTF8.GetString(batch.View(0).First(id).Text));
        Assert.Empty(_malformed);
    }

    [Theory]
    [InlineData("\0\0\0{\"JsonLayout.id\":1}\n{\"JsonLayout.id\":2}\n")]
    [InlineData("{\"JsonLayout.id\":1}\n\0\0{\"JsonLayout.id\":2}\n")]
    [InlineData("{\"JsonLayout.id\":1}\n{\"JsonLayout.id\":2}\n\0\0\0\0")]
    public void A_hole_of_NUL_costs_no_record_and_is_told_once(string text)
    {
        Assert.Equal([1, 2], Ids(text));
        Assert.Single(_malformed);
        Assert.Equal([1, 2], Ids(text, 1));
    }

    [Fact]
    public void Numbers_of_records_are_lines_and_where_a_line_has_several_still_different()
    {
        var batch = Read("{\"JsonLayout.id\":1}{\"JsonLayout.id\":2}{\"JsonLayout.id\":3}\n{\"JsonLayout.id\":4}\n\n\n{\"JsonLayout.id\":5}\n");
        Assert.Equal([1UL, 2, 3, 4, 5], Enumerable.Range(0, batch.Count).Select(i => batch.View(i).Record.Sequence));
        batch = Read("\n{\n\"JsonLayout.id\":1\n}\n{\n\"JsonLayout.id\":2\n}\n");
        Assert.Equal([2UL, 5], Enumerable.Range(0, batch.Count).Select(i => batch.View(i).Record.Sequence));
        Assert.Equal("{\n\"JsonLayout.id\":2\n}", Encoding.UTF8.GetString(batch.View(1).Raw));
    }

    // What is wrong, where it is, and which records are read all the same.
    [Theory]
    [InlineData("{\"JsonLayout.id\":1}}{\"JsonLayout.id\":2}", "1:20", "1 2")]
    [InlineData("{\"JsonLayout.id\":1}\noops\n{\"JsonLayout.id\":2}", "2:1", "1 2")]
    [InlineData("[{\"JsonLayout.id\":1},5,\"a, b\",null,{\"JsonLayout.id\":2}]", "1:22 1:24 1:31", "1 2")]
    [InlineData("[{\"JsonLayout.id\":1},{\"x\":nope},{\"JsonLayout.id\":2}]", "1:28", "1 2")]
    [InlineData("{\"JsonLayout.id\":1}\n{\"x\":\"cut\n{\"JsonLayout.id\":2}\n", "2:10", "1 2")]
    [InlineData("{\"JsonLayout.id\":1}\n{\"x\":1,\n{\"JsonLayout.id\":2}\n", "2:7", "1 2")]
    [InlineData("[\n {\n  \"x\": \"cut\n },\n {\n  \"JsonLayout.id\": 1\n }\n]", "3:12", "1")]
    [InlineData("[\n {\n  \"x\": {\n   \"y\": 1\n },\n {\n  \"JsonLayout.id\": 1\n }\n]", "5:3", "1")]
    [InlineData("[\n {\n  \"x\": 1 2\n },\n {\n  \"JsonLayout.id\": 1\n }\n]", "3:10", "1")]
    [InlineData("{\"JsonLayout.id\":1}\n{\"x\":\n", "2:6", "1")]
    [InlineData("{\"JsonLayout.id\":1}\n{\n\"x\":1 2\n}\n{\"JsonLayout.id\":2}\n", "3:7", "1 2")]
    public void What_is_no_record_is_told_with_its_place_and_the_next_one_is_read(string text, string places, string ids)
    {
        foreach (var piece in (int[])[1_000, 1, 5])
        {
            _malformed.Clear();
            Assert.Equal(ids, string.Join(' ', Ids(text, piece)));
            Assert.Equal(places, string.Join(' ', _malformed.Select(place => $"{place.Line}:{place.Column}")));
        }
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        Assert.Equal([1, 2], Ids($"{{\"JsonLayout.id\":1}}\n{deep}\n{{\"JsonLayout.id\":2}}"));
        Assert.Equal(2, Assert.Single(_malformed).Line);
        Assert.Equal([1, 2], Ids($"{{\"JsonLayout.id\":1}}{deep}{{\"JsonLayout.id\":2}}"));
        Assert.Equal(2, _malformed.Count);
    }

    [Fact]
    public void Any_records_in_any_layout_are_the_same_records()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var count = random.Next(1, 40);
            var text = new StringBuilder();
            var arrays = 0;
            for (var i = 0; i < count; i++)
            {
                if (random.Next(8) == 0)
                {
                    text.Append('[');
                    arrays++;
                }

                text.Append(RandomObject(random, i));
                text.Append(((string[])["", "\n", " ", ",", ",\n", "\r\n\n"])[random.Next(6)]);
                if (arrays > 0 && random.Next(4) == 0)
                {
                    text.Append(']');
                    arrays--;
                }
            }

            var ids = Ids(text.ToString(), random.Next(1, 50));
            Assert.True(ids.SequenceEqual(Enumerable.Range(0, count)) && _malformed.Count == 0, $"{string.Join(' ', ids)} of {text}");
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whatever_the_text_the_pieces_that_it_comes_in_do_not_matter()
    {
        string[] parts = ["{", "}", "[", "]", "\"", "\"a\"", ":", ",", "\n", "\n", "\n ", " ", "\\", "1", "null", "{\"a\":1}", "{\n \"a\": {\n  \"b\": [\n   {\n   }\n  ]\n }\n}", "\r\n", "x", "é"];
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => parts[random.Next(parts.Length)]));
            var whole = All(text, 1_000_000);
            foreach (var piece in (int[])[1, 2, 3, 7, 20]) Assert.True(whole == All(text, piece), $"in pieces of {piece}: {JsonSerializer.Serialize(text)}\n{whole}\n{All(text, piece)}");
        }).QuickCheckThrowOnFailure();

        // Records as they are in the text, and the places of what is none.
        string All(string text, int piece)
        {
            _malformed.Clear();
            using var reader = new JsonRecordReader(new PieceStream(Encoding.UTF8.GetBytes(text), piece), "input.json", _malformed.Add);
            var batch = new EventBatch(3, 64 * 1024);
            var all = new StringBuilder();
            while (reader.Fill(batch, null))
            {
                for (var i = 0; i < batch.Count; i++) all.Append(System.Globalization.CultureInfo.InvariantCulture, $"{batch.View(i).Record.Sequence} {Encoding.UTF8.GetString(batch.View(i).Raw)};");
                batch.LetGo();
            }

            foreach (var place in _malformed) all.Append(System.Globalization.CultureInfo.InvariantCulture, $" {place.Line}:{place.Column}");
            return all.ToString();
        }
    }

    [Fact]
    public void A_long_array_in_one_line_takes_no_memory()
    {
        using var reader = new JsonRecordReader(new LongArray(400_000), "array", _malformed.Add);
        var batch = new EventBatch(512, 256 * 1024);
        reader.Fill(batch, null);
        batch.LetGo();
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Fill(batch, null)) batch.LetGo();
        Assert.Equal(400_000, reader.Records);
        Assert.InRange(reader.BytesRead, 40_000_000, long.MaxValue);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Empty(_malformed);
    }

    private static string RandomObject(Random random, int id)
    {
        var properties = new Dictionary<string, object?> { ["JsonLayout.id"] = id };
        for (var i = random.Next(4); i > 0; i--)
        {
            properties[$"p{i}"] = random.Next(5) switch
            {
                0 => "brackets } ] { [ \" \\ \n in a string",
                1 => new[] { "a", "b" },
                2 => new Dictionary<string, object?> { ["x"] = new[] { new Dictionary<string, int> { ["y"] = 1 } } },
                3 => null,
                _ => random.NextDouble(),
            };
        }

        return JsonSerializer.Serialize(properties, random.Next(2) == 0 ? Pretty : null);
    }

    private List<int> Ids(string text, int piece = 1_000)
    {
        using var reader = new JsonRecordReader(new PieceStream(Encoding.UTF8.GetBytes(text), piece), "input.json", _malformed.Add);
        var batch = new EventBatch(3, 64 * 1024);
        var ids = new List<int>();
        while (reader.Fill(batch, null))
        {
            for (var i = 0; i < batch.Count; i++) ids.Add(int.Parse(Encoding.UTF8.GetString(batch.View(i).First(_id).Text), System.Globalization.CultureInfo.InvariantCulture));
            batch.LetGo();
        }

        batch.LetGo();
        return ids;
    }

    private EventBatch Read(string text)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input.json", _malformed.Add);
        var batch = new EventBatch(64, 64 * 1024);
        reader.Fill(batch, null);
        return batch;
    }

    /// <summary>An array of so many objects in one line, made while it is read.</summary>
    private sealed class LongArray(int objects) : MemoryStream
    {
        private static readonly byte[] One = Encoding.UTF8.GetBytes("{\"JsonLayout.id\":7,\"CommandLine\":\"" + new string('x', 60) + "\",\"n\":[1,2]},");
        private long _at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var total = 1 + ((long)objects * One.Length);
            var read = 0;
            for (; read < count && _at < total; read++, _at++) buffer[offset + read] = _at == 0 ? (byte)'[' : One[(_at - 1) % One.Length];
            return read;
        }
    }
}
