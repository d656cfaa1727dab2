using System.Globalization;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Exclusions;

/// <summary>
/// Reads a file of exclusions: YAML documents, each with a list <c>exclusions</c>, whose elements have <c>rules</c>, <c>selection</c> (as a
/// rule has it), <c>owner</c>, <c>reason</c> and <c>expires</c> (YYYY-MM-DD), and may have a <c>name</c>. All but the name must be there:
/// an exclusion that nobody answers for, or that never ends, is how a rule goes blind.
/// </summary>
internal static class ExclusionParser
{
    private const string Selection = "selection";

    private static readonly string[] Keys = ["name", "owner", "reason", "expires", "rules", Selection];

    /// <summary>The sound exclusions; what is wrong with others goes to <paramref name="issues"/>.</summary>
    public static List<Exclusion> Parse(string text, IssueList issues)
    {
        var exclusions = new List<Exclusion>();
        foreach (var document in DocumentSplitter.Split(text))
        {
            try
            {
                if (YamlTree.Read(document) is { } root) ReadDocument(root, exclusions, issues);
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        return exclusions;
    }

    private static void ReadDocument(YamlNode root, List<Exclusion> exclusions, IssueList issues)
    {
        if (root is not YamlNode.Mapping map || map.Find("exclusions") is not { } found)
            throw new RuleException(root.At, SigmaCodes.MissingKey, "a file of exclusions has a list 'exclusions'");
        if (map.Pairs.Count > 1)
        {
            var other = map.Pairs.First(pair => pair.Key.Text != "exclusions").Key;
            throw new RuleException(other.At, SigmaCodes.Value, $"unknown key '{other.Text}': exclusions");
        }

        if (found is not YamlNode.Listing list)
            throw new RuleException(found.At, SigmaCodes.Type, $"'exclusions' is {found.Shape}, not a list");
        foreach (var item in list.Items)
        {
            try
            {
                exclusions.Add(Read(item, issues));
            }
            catch (RuleException failure)
            {
                // The others of the list are used.
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }
    }

    private static Exclusion Read(YamlNode item, IssueList issues)
    {
        if (item is not YamlNode.Mapping map)
            throw new RuleException(item.At, SigmaCodes.Type, $"an exclusion is a mapping, this is {item.Shape}");
        foreach (var (key, _) in map.Pairs)
        {
            if (Array.IndexOf(Keys, key.Text) < 0)
                throw new RuleException(key.At, SigmaCodes.Value, $"unknown key '{key.Text}': {string.Join(", ", Keys)}");
        }

        var owner = Text(map, "owner");
        var reason = Text(map, "reason");
        var date = Text(map, "expires");
        if (!DateOnly.TryParseExact(date.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var expires))
            throw new RuleException(date.At, SigmaCodes.Value, $"'expires' is '{date.Text}', not a day as YYYY-MM-DD");
        var selection = ReadSelection(map, issues);
        var name = map.Find("name") is null ? selection.Name : Text(map, "name").Text;
        return new Exclusion(issues.File, map.At, name, owner.Text, reason.Text, expires, Rules(map), selection);
    }

    private static SelectionSyntax ReadSelection(YamlNode.Mapping map, IssueList issues)
    {
        var body = map.Find(Selection) ?? throw new RuleException(map.At, SigmaCodes.MissingKey, $"the exclusion has no '{Selection}'");
        var key = map.KeyOf(Selection)!;
        var condition = new YamlNode.Scalar(key.At, "condition", true);
        var detection = new YamlNode.Mapping(key.At, [(key, body), (condition, new YamlNode.Scalar(key.At, Selection, true))]);
        var (selections, tree) = DetectionParser.Read(detection, issues);

        // What cannot be compiled is said here, at its place, and not at each of the rules.
        var header = new RuleHeader { Title = "", At = map.At, LogSource = new SigmaLogSource(null, null, null, null) };
        var empty = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (placeholder, at) in Unfilled.In(selections, empty))
            throw new RuleException(at, SigmaCodes.Placeholder, $"an exclusion has no placeholders, and '%{placeholder}%' is one");
        RuleCompiler.Compile(new RuleSyntax(header, selections, tree, empty), TimeSpan.FromSeconds(1));
        return selections[0];
    }

    private static IReadOnlyList<(string Rule, Place At)> Rules(YamlNode.Mapping map)
    {
        var node = map.Find("rules") ?? throw new RuleException(map.At, SigmaCodes.MissingKey, "the exclusion has no 'rules'");
        var items = node is YamlNode.Listing list ? list.Items : [node];
        if (items.Count == 0) throw new RuleException(node.At, SigmaCodes.Type, "'rules' is empty");
        return [.. items.Select(item => item is YamlNode.Scalar { Text: not "" } rule
            ? (rule.Text, rule.At)
            : throw new RuleException(item.At, SigmaCodes.Type, "'rules' are ids or names of rules"))];
    }

    private static YamlNode.Scalar Text(YamlNode.Mapping map, string key) => map.Find(key) switch
    {
        YamlNode.Scalar { Text: not "" } scalar => scalar,
        null => throw new RuleException(map.At, SigmaCodes.MissingKey, $"the exclusion has no '{key}'"),
        var other => throw new RuleException(other.At, SigmaCodes.Type, $"'{key}' is to be a text"),
    };
}
