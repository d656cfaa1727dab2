using System.Text.Json;
using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>Every snippet and file of the corpora against what the reference implementation says of it.</summary>
public sealed class ReferenceCorpusSpec(ITestOutputHelper output)
{
    private const string Corpus = "hocon-tests";
    private const string Resources = "lightbend-config/config/src/test/resources";

    // Where this reader departs on purpose. A case that begins to agree, or another one that stops to, fails the test.
    private static readonly Dictionary<string, string> Departures = new()
    {
        [$"{Resources}/file-include.conf"] =
            "file(\"name\") starts from the including file, as a plain name does; the reference starts from the working directory",
        [$"{Resources}/test12.conf"] =
            "the reference parses the file but cannot render keys of more digits than a long has; this reader can",
    };

    [Fact]
    public void Every_snippet_gives_what_the_reference_gives()
    {
        var cases = File.ReadLines(Path.Combine(Corpora.Require(Corpus), "snippets.jsonl")).Select(Case).ToList();
        Compare(cases, "id", one => ConfigurationFactory.ParseString(one.GetProperty("text").GetString()!));
        Assert.Equal(293, cases.Count);
    }

    [Fact]
    public void Every_file_gives_what_the_reference_gives()
    {
        var root = Corpora.Require(Corpus);
        var cases = File.ReadLines(Path.Combine(root, "files_golden.jsonl")).Select(Case).ToList();
        Compare(cases, "file", one => ConfigurationFactory.ParseFile(Path.Combine(root, one.GetProperty("file").GetString()!)));
        Assert.Equal(78, cases.Count);
    }

    [Fact]
    public void Every_file_of_an_equivalence_folder_equals_its_original()
    {
        var folders = Directory.GetDirectories(Path.Combine(Corpora.Require(Corpus), Resources), "equiv*");
        Assert.Equal(5, folders.Length);
        foreach (var folder in folders)
        {
            var original = ConfigurationFactory.ParseFile(Path.Combine(folder, "original.json")).ToString();
            foreach (var file in Directory.GetFiles(folder)) Assert.Equal(original, ConfigurationFactory.ParseFile(file).ToString());
        }
    }

    private static JsonElement Case(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private void Compare(List<JsonElement> cases, string nameIn, Func<JsonElement, Config> parse)
    {
        var wrong = new List<string>();
        var departed = 0;
        foreach (var one in cases)
        {
            var name = one.GetProperty(nameIn).GetString()!;
            var difference = Difference(one, () => parse(one));
            var known = Departures.TryGetValue(name, out var reason);
            if (known) departed++;
            if (known && difference is null) wrong.Add($"{name}: agrees with the reference although listed as: {reason}");
            else if (!known && difference is not null) wrong.Add($"{name}: {difference}");
        }

        output.WriteLine($"{cases.Count - departed - wrong.Count} of {cases.Count} agree, {departed} depart on purpose");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static string? Difference(JsonElement one, Func<Config> parse)
    {
        var parses = one.GetProperty("ref_parse").GetString() == "ok";
        var resolves = one.GetProperty("ref_resolve").GetString() == "ok";
        Config config;
        try
        {
            config = parse();
        }
        catch (ConfigException e)
        {
            return parses ? $"not read: {e.Message}" : null;
        }

        if (!parses) return $"read, but the reference gives {one.GetProperty("ref_parse")}";
        string json;
        try
        {
            json = ConfigRenderer.ToJson(config.Resolve(), indented: false);
        }
        catch (ConfigException e)
        {
            return resolves ? $"not resolved: {e.Message}" : null;
        }

        if (!resolves) return $"resolved to {json}, but the reference gives {one.GetProperty("ref_resolve")}";
        var expected = one.GetProperty("ref_json").GetRawText();
        return JsonTree.Equal(json, expected) ? null : $"is {json}, expected {expected}";
    }
}
