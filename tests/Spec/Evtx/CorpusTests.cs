using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Picket.Detection.Events;

namespace Picket.Spec.Evtx;

/// <summary>Files that are hard to read, with what others read of them.</summary>
public sealed partial class CorpusTests
{
    private const string Others = "evtx-parser/omerbenamram-evtx";
    private const string Go = "evtx-parser/velocidex-evtx";

    /// <summary>
    /// Each file with the records that others read (the counts of omerbenamram's tests; 1 where they have none), the records that lie in it
    /// whole, and whether it is damaged. More are read than others read where these give up a chunk at its first damaged record, or
    /// altogether for its magic number: here the next record is looked for.
    /// </summary>
    public static TheoryData<string, int, int, bool> Files => new()
    {
        { "2-system-Microsoft-Windows-LiveId%4Operational.evtx", 1, 399, false },
        { "2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx", 1910, 1975, true },
        { "2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx", 1774, 1796, true },
        { "2-vss_7-System.evtx", 1160, 1160, false },
        { "Application_no_crc32.evtx", 17, 17, false },
        { "E_ShadowCopy6_windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 459, 459, false },
        { "E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 340, 340, false },
        { "E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core%4Operational.evtx", 1146, 1146, false },
        { "MSExchange_Management_wec.evtx", 1, 1, false },
        { "Microsoft-Windows-HelloForBusiness%4Operational.evtx", 6, 6, true },
        { "Microsoft-Windows-LanguagePackSetup%4Operational.evtx", 17, 17, true },
        { "Security_short_selected.evtx", 1, 7, false },
        { "Security_with_size_t.evtx", 1, 636, false },
        { "issue_201.evtx", 1, 1, false },
        { "new-user-security.evtx", 1, 4, false },
        { "post-Security.evtx", 126, 126, false },
        { "sample-with-zero-data-size-event.evtx", 335, 449, true },
        { "sample_with_a_bad_chunk_magic.evtx", 270, 384, true },
        { "sysmon.evtx", 1, 358, true },
        { "system.evtx", 1, 1881, false },
        { "velocidex-evtx/testdata/Microsoft-Windows-CAPI2_Operational_EventID70.evtx", 1, 1, false },
        { "velocidex-evtx/testdata/Security.evtx", 1, 739, false },
        { "velocidex-evtx/testdata/Security_1_record.evtx", 1, 1, false },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_gives_the_records_that_others_read_of_it_and_tells_its_damage(string name, int others, int whole, bool isDamaged)
    {
        var file = EvtxFile.Read(Path.Combine(Corpora.Require(name.Contains('/') ? "evtx-parser" : $"{Others}/samples"), name));
        TestContext.Current.SendDiagnosticMessage($"{name}: {file.Events.Count} records; {file.Malformed.Count}: {string.Join("; ", file.Damage.Take(8))}");
        Assert.InRange(file.Events.Count, others, whole);
        Assert.Equal(isDamaged, file.Malformed.Count > 0);
        if (!isDamaged) Assert.Equal(whole, file.Events.Count);
        Assert.All(file.Events, each => Assert.True(each.Json.Length > 0 && each.RawLength > 0));
    }

    [Fact]
    public void Every_file_of_the_corpora_is_one_of_those()
    {
        var listed = Files.Select(row => row.Data.Item1).ToHashSet();
        var folder = Corpora.Require("evtx-parser");
        var all = Directory.EnumerateFiles(folder, "*.evtx", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Select(file => file.StartsWith("omerbenamram", StringComparison.Ordinal) ? Path.GetFileName(file) : file);
        Assert.Subset(listed, all.ToHashSet());
    }

    [Theory]
    [InlineData("event_json_sample_with_event_data_with_attributes_and_text", "system.evtx", 1)]
    [InlineData("event_json_with_multiple_nodes_same_name", "E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 28)]
    [InlineData("event_json_with_multiple_nodes_same_name_separate", "E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2%4Operational.evtx", 28)]
    [InlineData("event_json_with_multiple_data_elements-2", "MSExchange_Management_wec.evtx", 3229)]
    [InlineData("event_json_multiple_empty_data_nodes_not_ignored", "issue_201.evtx", 3229)]
    [InlineData("event_json_with_size_t", "Security_with_size_t.evtx", 196)]
    public void A_rendered_record_is_the_one_that_others_render(string golden, string name, int id)
    {
        var folder = Corpora.Require(Others);
        var text = File.ReadAllText(Path.Combine(folder, "tests", "snapshots", $"test_record_samples__{golden}.snap"));
        var expected = JsonNode.Parse(text[text.IndexOf("\n{", StringComparison.Ordinal)..])!;
        var events = EvtxFile.Read(Path.Combine(folder, "samples", name)).Events;
        var actual = JsonNode.Parse(events.First(each => each.At("Event", "System", "EventRecordID").ToString() == $"{id}").Json)!;
        if (expected["Event_attributes"] is not null) actual = Separate(actual.AsObject());
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nactual   {actual.ToJsonString()}");
    }

    /// <summary>What the other project writes has the same values under names of its own shape.</summary>
    [Theory]
    [InlineData("CAPI2_Operational", "Microsoft-Windows-CAPI2_Operational_EventID70.evtx", 707)]
    [InlineData("Event4624_linux", "Security.evtx", 31880)]
    public void A_rendered_record_has_what_another_parser_renders(string golden, string name, int id)
    {
        var folder = Corpora.Require(Go);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "fixtures", $"{golden}.golden")))!;
        var found = EvtxFile.Read(Path.Combine(folder, "testdata", name)).Events
            .FirstOrDefault(each => each.At("Event", "System", "EventRecordID").ToString() == $"{id}");
        Assert.NotNull(found);
        var actual = JsonNode.Parse(found.Json)!["Event"]!;
        foreach (var part in (string[])["EventData", "UserData"])
        {
            if (expected[part] is not JsonObject wanted) continue;
            foreach (var (key, value) in wanted) Assert.True(Same(value, actual[part]![key]), $"{part}.{key}: {value?.ToJsonString()}, not {actual[part]![key]?.ToJsonString()}");
        }
    }

    /// <summary>A record's fields are what its JSON has, under the names that rules know: two ways that share the values' text alone.</summary>
    [Fact]
    public void Fields_and_JSON_say_the_same_in_every_record_of_every_file()
    {
        var folder = Corpora.Require("evtx-parser");
        var regression = Corpora.Require("sigma-regression");
        var events = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.evtx", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(regression, "*.evtx", SearchOption.AllDirectories)))
        {
            // The first time the names are learned, since names that no rule has are none.
            foreach (var each in EvtxFile.Read(path).Events) Walk(JsonNode.Parse(each.Json)!, "", (name, _, _) => FieldTable.Intern(name.Length == 0 ? "Data" : name));
            foreach (var each in EvtxFile.Read(path).Events)
            {
                var expected = new List<(string Name, FieldKind Kind, string Text)>();
                Walk(JsonNode.Parse(each.Json)!, "", (name, kind, text) => expected.Add((name, kind, text)));
                Assert.True(expected.Order().SequenceEqual(each.Fields.Where(field => !Wrapper().IsMatch(field.Name)).Order()),
                    $"{path}: {each.Json}\nfields: {string.Join("; ", each.Fields)}");
                events++;
            }
        }

        Assert.InRange(events, 10_000, int.MaxValue);
    }

    /// <summary>
    /// The JSON that came with an EVTX of SigmaHQ is the one that its records are rendered to, but for what whoever made that JSON changed:
    /// spaces at the end of values, the case of some (Explorer.exe for the file's Explorer.EXE), and times with more than six digits.
    /// </summary>
    [Fact]
    public void Recordings_that_SigmaHQ_keeps_as_EVTX_and_JSON_are_rendered_to_that_JSON()
    {
        var cases = 0;
        foreach (var path in Directory.EnumerateFiles(Corpora.Require("sigma-regression"), "*.evtx", SearchOption.AllDirectories))
        {
            var expected = Objects(File.ReadAllBytes(Path.ChangeExtension(path, ".json")));
            var actual = EvtxFile.Read(path).Events.Select(each => JsonNode.Parse(each.Json)!).ToList();
            Assert.Equal(expected.Count, actual.Count);
            for (var i = 0; i < expected.Count; i++)
                Assert.True(JsonNode.DeepEquals(Trimmed(expected[i]), Trimmed(actual[i])), $"{path}\nexpected {expected[i].ToJsonString()}\nactual   {actual[i].ToJsonString()}");
            cases++;
        }

        Assert.Equal(128, cases);
    }

    private static List<JsonNode> Objects(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), new JsonReaderOptions { AllowMultipleValues = true });
        var objects = new List<JsonNode>();
        while (reader.Read()) objects.Add(JsonNode.Parse(ref reader)!);
        return objects;
    }

    private static JsonNode? Trimmed(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Trimmed(member.Value)))),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(Plain(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private static string Plain(string text) => Time().Replace(text, "$1Z").Trim().ToUpperInvariant();

    /// <summary>The shape in which attributes stand beside their element.</summary>
    private static JsonObject Separate(JsonObject from)
    {
        var to = new JsonObject();
        foreach (var (key, value) in from)
        {
            if (value is not JsonObject element)
            {
                to[key] = value?.DeepClone();
                continue;
            }

            var attributes = element["#attributes"];
            if (attributes is not null) to[$"{key}_attributes"] = attributes.DeepClone();
            var rest = new JsonObject(element.Where(member => member.Key != "#attributes").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            if (rest["#text"] is { } text && rest.Count == 1 && attributes is not null) to[key] = text.DeepClone();
            else if (rest.Count > 0) to[key] = Separate(rest);
        }

        return to;
    }

    private static bool Same(JsonNode? expected, JsonNode? actual) => (expected, actual) switch
    {
        (JsonObject wanted, JsonObject found) => wanted.All(member => Same(member.Value, found[member.Key] ?? found["#attributes"]?[member.Key])),
        (JsonValue wanted, JsonValue found) when wanted.ToString() == found.ToString() => true,
        (JsonValue wanted, JsonValue found) when found.ToString() is ['0', 'x', .. var hex] => wanted.ToString() == $"{Convert.ToUInt64(hex, 16)}",
        _ => false,
    };

    /// <summary>Names as rules know them, said once more in the plainest way.</summary>
    private static void Walk(JsonNode node, string path, Action<string, FieldKind, string> found)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members)
                {
                    // NAME_1 is a name that came again.
                    var again = Again().Match(key) is { Success: true } match && members.ContainsKey(match.Groups[1].Value) ? match.Groups[1].Value : key;
                    var next = path.Length == 0 ? again : $"{path}.{again}";
                    if (value is null) found(Short(next), FieldKind.Null, "");
                    else Walk(value, next, found);
                }

                break;
            case JsonArray items:
                foreach (var item in items) Walk(item!, path, found);
                break;
            default:
                var kind = node.GetValueKind() switch
                {
                    JsonValueKind.Number => FieldKind.Number,
                    JsonValueKind.True or JsonValueKind.False => FieldKind.Boolean,
                    _ => FieldKind.Text,
                };
                if (!path.EndsWith("#attributes.xmlns", StringComparison.Ordinal)) found(Short(path), kind, kind == FieldKind.Text ? node.GetValue<string>() : node.ToJsonString());
                break;
        }
    }

    private static string Short(string path)
    {
        var rest = Wrapper().Replace(path, "");
        if (rest == path) return path;

        // What the wrappers themselves say has no name.
        if (rest == "#text" || rest.StartsWith("#attributes.", StringComparison.Ordinal)) return "";
        return rest.Replace(".#text", "", StringComparison.Ordinal).Replace(".#attributes.", "_", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^Event\.(System|EventData|UserData\.[^.]+)\.")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6})[0-9]*Z$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^(.*)_[0-9]+$")]
    private static partial Regex Again();
}
