using System.Globalization;
using System.Net;
using System.Text.Json;
using Picket.Detection.Alerts;

namespace Picket.Spec.Alerts;

/// <summary>Holds every field that we write outside <c>picket</c> to the published list of ECS fields, their types and their arrays.</summary>
public sealed class EcsConformanceTests
{
    [Fact]
    public void Every_field_is_in_ECS_with_its_type()
    {
        var fields = ReadFields(Path.Combine(Corpora.Require("ecs"), "csv", "fields.csv"));
        var live = Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Matches);
        var notice = Samples.Builder().Build(AlertBuilderTests.Notice());
        var checkedFields = new HashSet<string>();
        var correlation = Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), Samples.Correlation());
        foreach (var alert in new[] { live, AlertBuilderTests.Replayed(7), notice, Subject(), correlation })
        {
            using var document = JsonDocument.Parse(alert.Line);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name != "picket") Check(property.Name, property.Value, fields, checkedFields);
            }
        }

        Assert.True(checkedFields.Count > 100, $"only {checkedFields.Count} fields were written: {string.Join(' ', checkedFields)}");
    }

    [Fact]
    public void Techniques_and_tactics_come_from_the_rules_tags()
    {
        using var document = JsonDocument.Parse(Samples.Builder().Build(Samples.Rule, Samples.LiveBatch().View(0), []).Line);
        var threat = document.RootElement.GetProperty("threat");
        Assert.Equal(["TA0011", "TA0005"], Texts(threat.GetProperty("tactic").GetProperty("id")));
        Assert.Equal(["T1095", "T1059"], Texts(threat.GetProperty("technique").GetProperty("id")));
        Assert.Equal(["T1059.004"], Texts(threat.GetProperty("technique").GetProperty("subtechnique").GetProperty("id")));
        Assert.Equal(["https://attack.mitre.org/techniques/T1059/004/"], Texts(threat.GetProperty("technique").GetProperty("subtechnique").GetProperty("reference")));
        Assert.Equal("S0029", threat.GetProperty("software").GetProperty("id").GetString());
    }

    private static Alert Subject()
    {
        var batch = Samples.ReplayBatch("{}", 1, ("TargetFilename", "C:\\x\\y.exe"), ("SourceIp", "::1"), ("SourcePort", "1"), ("SourceHostname", "a"),
            ("DestinationHostname", "b"), ("QueryName", "example.org"), ("TargetObject", "HKLM\\X"), ("ParentUser", "EXAMPLE\\eve"));
        return Samples.Builder().Build(Samples.Rule, batch.View(0), []);
    }

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());

    private static void Check(string path, JsonElement value, Dictionary<string, (string Type, bool IsArray)> fields, HashSet<string> seen)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            Assert.True(value.EnumerateObject().Any(), $"{path} is empty");
            foreach (var property in value.EnumerateObject()) Check($"{path}.{property.Name}", property.Value, fields, seen);
            return;
        }

        Assert.True(fields.TryGetValue(path, out var field), $"{path} is no field of ECS");
        Assert.True(field.IsArray == (value.ValueKind == JsonValueKind.Array), $"{path} must {(field.IsArray ? "" : "not ")}be an array");
        seen.Add(path);
        if (!field.IsArray) CheckType(path, field.Type, value);
        else foreach (var item in value.EnumerateArray()) CheckType(path, field.Type, item);
    }

    private static void CheckType(string path, string type, JsonElement value)
    {
        switch (type)
        {
            case "long":
                Assert.True(value.TryGetInt64(out _), $"{path} must be a whole number");
                break;
            case "boolean":
                Assert.True(value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{path} must be true or false");
                break;
            case "date":
                Assert.True(DateTimeOffset.TryParse(value.GetString()![..23], CultureInfo.InvariantCulture, out _), $"{path} must be a date");
                break;
            case "ip":
                Assert.True(IPAddress.TryParse(value.GetString(), out _), $"{path} must be an address");
                break;
            case "keyword" or "wildcard" or "match_only_text":
                Assert.NotEqual("", value.GetString());
                break;
            default:
                Assert.Fail($"{path} has the type {type}, which this test does not know");
                break;
        }
    }

    private static Dictionary<string, (string Type, bool IsArray)> ReadFields(string path)
    {
        var fields = new Dictionary<string, (string Type, bool IsArray)>();
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            // The first seven columns hold no quoted commas.
            var parts = line.Split(',', 8);
            if (parts.Length == 8) fields[parts[3]] = (parts[4], parts[6] == "array");
        }

        return fields;
    }
}
