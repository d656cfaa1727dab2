using System.Globalization;
using System.Text;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Node.RuleTests;

/// <summary>
/// Reads the tests of a rule. A file has one or more YAML documents, each of them a case, or a mapping whose <c>tests</c> are a list of
/// cases. A case has <c>event</c> or <c>events</c> (see <see cref="RuleTestEvents"/>), and may have <c>match</c> (true when left out),
/// <c>count</c>, <c>name</c> and <c>rule</c>, and <c>groups</c> where it is about a correlation.
/// </summary>
internal static class RuleTestFile
{
    private static readonly string[] CaseKeys = ["name", "rule", "match", "count", "groups", "event", "events"];
    private static readonly string[] FileKeys = ["rule", "tests"];

    /// <summary>The sound cases; what is wrong with others goes to <paramref name="issues"/>, at its place.</summary>
    public static List<RuleTestCase> Read(string path, IssueList issues)
    {
        var cases = new List<RuleTestCase>();
        if (RuleFiles.Read(path, issues) is not { } bytes) return cases;
        foreach (var document in DocumentSplitter.Split(Encoding.UTF8.GetString(bytes)))
        {
            try
            {
                if (YamlTree.Read(document) is { } root) ReadDocument(root, path, cases, issues);
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        // A file that tests nothing would count as one that was passed.
        if (cases.Count == 0 && issues.Errors.Count == 0) issues.Error(default, SigmaCodes.MissingKey, "there is no test in the file");
        return cases;
    }

    private static void ReadDocument(YamlNode root, string path, List<RuleTestCase> cases, IssueList issues)
    {
        if (root is not YamlNode.Mapping map)
            throw new RuleException(root.At, SigmaCodes.Type, $"a test is a mapping, this is {root.Shape}");
        if (map.Find("tests") is not { } tests)
        {
            cases.Add(ReadCase(map, path, null));
            return;
        }

        Refuse(map, FileKeys);
        if (tests is not YamlNode.Listing list) throw new RuleException(tests.At, SigmaCodes.Type, $"'tests' is {tests.Shape}, not a list");
        var rule = TextOf(map, "rule");
        foreach (var item in list.Items)
        {
            try
            {
                if (item is not YamlNode.Mapping test)
                    throw new RuleException(item.At, SigmaCodes.Type, $"a test is a mapping, this is {item.Shape}");
                cases.Add(ReadCase(test, path, rule));
            }
            catch (RuleException failure)
            {
                // The other tests of the list are run.
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }
    }

    private static RuleTestCase ReadCase(YamlNode.Mapping map, string path, string? rule)
    {
        Refuse(map, CaseKeys);
        var name = TextOf(map, "name") ?? string.Create(CultureInfo.InvariantCulture, $"line {map.At.Line}");
        var match = TextOf(map, "match") switch
        {
            null or "true" or "True" => true,
            "false" or "False" => false,
            var other => throw new RuleException(map.Find("match")!.At, SigmaCodes.Value, $"'match' is '{other}', not true or false"),
        };
        int? count = null;
        if (TextOf(map, "count") is { } digits)
        {
            if (!match) throw new RuleException(map.KeyOf("count")!.At, SigmaCodes.Value, "'count' has no meaning where nothing may match");
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                throw new RuleException(map.Find("count")!.At, SigmaCodes.Value, $"'count' is '{digits}', not a number from 1");
            count = number;
        }

        if (!match && map.KeyOf("groups") is { } idle)
            throw new RuleException(idle.At, SigmaCodes.Value, "'groups' has no meaning where nothing may match");
        var (inline, file) = RuleTestEvents.Read(map, path);
        return new RuleTestCase(path, map.At, name, TextOf(map, "rule") ?? rule, match, count, Groups(map), inline, file);
    }

    private static IReadOnlyList<IReadOnlyList<KeyValuePair<string, string?>>>? Groups(YamlNode.Mapping map)
    {
        if (map.Find("groups") is not { } node) return null;
        var items = node is YamlNode.Listing list ? list.Items : [node];
        if (items.Count == 0)
            throw new RuleException(node.At, SigmaCodes.Type, "'groups' is empty; 'match: false' says that nothing fires");
        return [.. items.Select(item => item is YamlNode.Mapping { Pairs.Count: > 0 } group
            ? group.Pairs.Select(pair => ValueOf(pair.Key, pair.Value)).ToArray()
            : throw new RuleException(item.At, SigmaCodes.Type, "a group is a mapping of fields of 'group-by' and their values"))];
    }

    private static KeyValuePair<string, string?> ValueOf(YamlNode.Scalar key, YamlNode value) => value is YamlNode.Scalar scalar
        ? new(key.Text, scalar is { Plain: true, Text: "" or "~" or "null" } ? null : scalar.Text)
        : throw new RuleException(value.At, SigmaCodes.Type, $"the value of '{key.Text}' is {value.Shape}");

    private static string? TextOf(YamlNode.Mapping map, string key) => map.Find(key) switch
    {
        null => null,
        YamlNode.Scalar scalar => scalar.Text,
        var other => throw new RuleException(other.At, SigmaCodes.Type, $"'{key}' is {other.Shape}"),
    };

    private static void Refuse(YamlNode.Mapping map, string[] known)
    {
        foreach (var (key, _) in map.Pairs)
        {
            if (Array.IndexOf(known, key.Text) < 0)
                throw new RuleException(key.At, SigmaCodes.Value, $"unknown key '{key.Text}': {string.Join(", ", known)}");
        }
    }
}
