using System.Text.Json.Nodes;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma.Schema;

/// <summary>The loader beside the JSON schemas of Sigma's specification: who takes a rule and who refuses it, and why they differ.</summary>
public sealed class SchemaSpec
{
    [Fact]
    public void Every_rule_of_SigmaHQ_is_taken_by_both()
    {
        var root = Corpora.Require("sigma-rules");
        var schemas = Schemas();
        var different = new List<string>();
        var rules = 0;
        foreach (var file in Directory.EnumerateFiles(root, "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            var set = SigmaRuleSet.Parse(text, file, Options);
            foreach (var document in YamlJson.Read(text))
            {
                rules++;
                var isValid = JsonSchema.IsValid(schemas.Of(document!), document);

                // What placeholders stand for is no matter of a schema.
                if (!isValid || set.Errors.Any(error => error.Code != SigmaCodes.Placeholder)) different.Add($"{Path.GetRelativePath(root, file)}: schema {isValid}, {string.Join("; ", set.Errors)}");
            }
        }

        Assert.InRange(rules, 3_757, 10_000);
        Assert.Equal([], different);
    }

    [Fact]
    public void The_samples_of_the_specification_are_taken_by_both()
    {
        var schemas = Schemas();
        foreach (var file in Directory.EnumerateFiles(Corpora.Require("sigma-spec/tests/schema"), "*.yml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.All(YamlJson.Read(text), document => Assert.True(JsonSchema.IsValid(schemas.Of(document!), document), file));
            Assert.Equal([], SigmaRuleSet.Parse(text, file, Options).Errors.Where(error => error.Code != SigmaCodes.UnknownRule));
        }
    }

    [Fact]
    public void Rules_that_were_changed_in_one_place_are_judged_alike()
    {
        var schemas = Schemas();
        var unexplained = new List<string>();
        var reasons = new HashSet<string>();
        var (agreed, refused) = (0, 0);
        foreach (var sample in Samples)
        {
            var documents = YamlJson.Read(sample);
            foreach (var (path, change, changed) in Changes(documents[0]!))
            {
                var text = string.Join("\n---\n", documents.Skip(1).Prepend(changed).Select(document => document?.ToJsonString() ?? "null"));
                var set = SigmaRuleSet.Parse(text, "changed.yml", Options);
                var isValid = JsonSchema.IsValid(schemas.Of(changed), changed);
                var isTaken = set.Errors.Count == 0;
                if (isValid == isTaken)
                {
                    agreed++;
                    if (!isTaken) refused++;
                    continue;
                }

                var difference = new Difference(path, change, isTaken, [.. set.Errors.Select(error => error.Code)], [.. set.Warnings.Select(warning => warning.Code)]);
                var reason = Reasons.FirstOrDefault(each => each.Explains(difference)).Reason;
                if (reason is null) unexplained.Add($"{difference}: {string.Join("; ", set.Errors)} {string.Join("; ", set.Warnings)}");
                else reasons.Add(reason);
            }
        }

        Assert.True(unexplained.Count == 0, $"{unexplained.Count} differ:\n{string.Join('\n', unexplained)}");
        Assert.Equal(Reasons.Select(each => each.Reason).Order(StringComparer.Ordinal), reasons.Order(StringComparer.Ordinal));
        Assert.InRange(agreed, 800, int.MaxValue);
        Assert.InRange(refused, 300, agreed);
    }

    /// <summary>Why the loader takes what a schema refuses, or refuses what a schema takes. Each is needed by some change.</summary>
    private static readonly (string Reason, Predicate<Difference> Explains)[] Reasons =
    [
        // The loader takes it.
        ("a number or a boolean where a text is due is its text: authors forget quotes",
            each => each.IsTaken && each.Change is "5" or "1.5" or "true" or "[5]"),
        ("null stands for a key that is not there", each => each.IsTaken && each.Change == "null"),
        ("what no alert depends on is worth a warning only", each => each.IsTaken && each.Warnings.Any(code => code is SigmaCodes.Value or SigmaCodes.Type)),
        ("lengths and repetitions of what is only told are not counted",
            each => each.IsTaken && ((each.Path is "name" or "taxonomy" && each.IsLong) || each.Change == "[\"xx\",\"xx\"]")),
        ("entries of lists that are only told may be of any form", each => each.IsTaken && (each.Path.StartsWith("tags", StringComparison.Ordinal)
            || each.Path is "falsepositives.0" or "scope.0")),
        ("one text stands for a list of it", each => each.IsTaken && each.Path is "detection.sel" or "detection.list" or "filter.selection" or "correlation.group-by" or "filter.rules"
            && each.Change[0] == '"' | each.IsLong),
        ("without group-by all is one group, as the text of the specification has it; a warning says so", each => each.IsTaken && each.Warnings.Contains(SigmaCodes.NoGroup)),

        // The loader refuses it.
        ("a log source that names nothing would offer the rule every event", each => each is { IsTaken: false, Path: "logsource" }),
        ("a selection, or an item of one, without values says nothing that could hold, and lists and mappings are no values",
            each => IsOfSelection(each.Path) && each.Errors is [SigmaCodes.Type]),
        ("conditions have a grammar, which schemas do not know, and name selections that are there",
            each => each.Errors is [SigmaCodes.Condition] or [SigmaCodes.UnknownSelection]),
        ("references lead to rules that are there", each => each.Errors is [SigmaCodes.UnknownRule]),
        ("a correlation of no rules, or with names or aliases that are empty, cannot fire",
            each => each.Path.StartsWith("correlation.", StringComparison.Ordinal) && !each.Path.Contains("condition", StringComparison.Ordinal)
                && each.Errors is [SigmaCodes.MissingKey] or [SigmaCodes.Type]),
        ("a filter names its rules", each => each is { Path: "filter.rules.0", Errors: [SigmaCodes.Type] }),
        ("timespans have a grammar", each => each is { Path: "correlation.timespan", Errors: [SigmaCodes.Value] }),
        ("the schema's conditions lack the 'properties' around the operators, so that it demands nothing of them",
            each => each.Path.StartsWith("correlation.condition", StringComparison.Ordinal) && !each.IsTaken),
    ];

    private sealed record Difference(string Path, string Change, bool IsTaken, string[] Errors, string[] Warnings)
    {
        public bool IsLong => Change.EndsWith(" characters", StringComparison.Ordinal);
    }

    private static bool IsOfSelection(string path) =>
        path.StartsWith("detection.sel", StringComparison.Ordinal) || path.StartsWith("detection.list", StringComparison.Ordinal) || path.StartsWith("filter.selection", StringComparison.Ordinal);

    private static readonly SigmaLoadOptions Options = new() { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["known_cdcs"] = ["dc1"] } };

    private const string Rule = """
        title: t
        id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11
        related: [{ id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b12, type: similar }]
        name: n
        taxonomy: sigma
        status: test
        description: d
        license: MIT
        author: a
        references: [r]
        date: "2026-11-22"
        modified: "2026-11-22"
        logsource: { category: process_creation, product: linux, service: s, definition: d }
        detection: { sel: { F: a }, list: [word, { G: [b, c] }], condition: sel or list }
        fields: [F]
        falsepositives: [none]
        level: high
        tags: [attack.t1059]
        scope: [server]
        """;

    private static readonly string[] Samples =
    [
        Rule,
        "title: c\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b13\nstatus: test\ndescription: d\nauthor: a\nreferences: [r]\ndate: \"2026-11-22\"\nmodified: \"2026-11-22\"\ntaxonomy: sigma\n"
            + "correlation: { type: event_count, rules: [n], group-by: [F], aliases: { x: { n: F } }, timespan: 5m, condition: { gte: 3 } }\nfalsepositives: [none]\nlevel: high\ngenerate: true\n---\n" + Rule,
        "title: c\ncorrelation: { type: value_count, rules: [n], group-by: [F], timespan: 5m, condition: { field: G, gte: 3 } }\n---\n" + Rule,
        "title: c\ncorrelation: { type: temporal, rules: [n], group-by: [F], timespan: 5m }\n---\n" + Rule,
        "title: f\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b14\ndescription: d\ndate: \"2026-11-22\"\nmodified: \"2026-11-22\"\ntaxonomy: sigma\nlogsource: { category: process_creation, product: linux, service: s }\n"
            + "filter: { rules: [n], selection: { H: x }, condition: not selection }\n---\n" + Rule,
    ];

    /// <summary>The document with each of its parts left out, and put in by values of every shape.</summary>
    private static IEnumerable<(string Path, string Change, JsonNode Changed)> Changes(JsonNode document)
    {
        string[] shapes = ["\"x\"", "\"\"", "\"1\"", "5", "1.5", "true", "null", "[]", "{}", "[\"xx\"]", "[\"xx\",\"xx\"]", "[5]", "[[\"x\"]]", "[{\"x\":\"y\"}]", "{\"x\":\"y\"}", "{\"x\":{\"y\":\"z\"}}", $"\"{new string('x', 300)}\"", $"\"{new string('x', 70_000)}\""];
        foreach (var path in Paths(document, []))
        {
            var name = string.Join('.', path);
            var without = document.DeepClone();
            Remove(Parent(without, path), path[^1]);
            yield return (name, "left out", without);
            foreach (var shape in shapes)
            {
                var changed = document.DeepClone();
                Put(Parent(changed, path), path[^1], JsonNode.Parse(shape));
                yield return (name, shape.Length > 100 ? $"{shape.Length} characters" : shape, changed);
            }
        }

        var more = document.DeepClone();
        more["custom"] = "x";
        yield return ("custom", "added", more);
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] at)
    {
        if (at.Length > 0) yield return at;
        var below = node switch
        {
            JsonObject map => map.SelectMany(pair => Paths(pair.Value, [.. at, pair.Key])),
            JsonArray list => list.SelectMany((item, i) => Paths(item, [.. at, i])),
            _ => [],
        };
        foreach (var path in below) yield return path;
    }

    private static JsonNode Parent(JsonNode root, object[] path) => path[..^1].Aggregate(root, (node, step) => step is int i ? node[i]! : node[(string)step]!);

    private static void Remove(JsonNode parent, object step)
    {
        if (step is int i) parent.AsArray().RemoveAt(i);
        else parent.AsObject().Remove((string)step);
    }

    private static void Put(JsonNode parent, object step, JsonNode? value)
    {
        if (step is int i) parent[i] = value;
        else parent[(string)step] = value;
    }

    private static SigmaSchemas Schemas() => new(Corpora.Require("sigma-spec/json-schema"));

    private sealed class SigmaSchemas(string folder)
    {
        private readonly JsonNode _rule = Read(folder, "sigma-detection-rule-schema.json");
        private readonly JsonNode _correlation = Read(folder, "sigma-correlation-rules-schema.json");
        private readonly JsonNode _filter = Read(folder, "sigma-filters-schema.json");

        public JsonNode Of(JsonNode document) => document is not JsonObject map ? _rule
            : map.ContainsKey("correlation") ? _correlation
            : map.ContainsKey("filter") ? _filter : _rule;

        private static JsonNode Read(string folder, string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!;
    }
}
