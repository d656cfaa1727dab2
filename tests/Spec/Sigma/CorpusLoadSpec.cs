using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

public sealed class CorpusLoadSpec
{
    private static readonly string[] ActiveFolders = ["rules", "rules-compliance", "rules-emerging-threats", "rules-threat-hunting"];

    private static readonly SigmaLoadOptions WithPlaceholders = new()
    {
        Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["known_cdcs"] = ["dc1", "dc2*"] },
    };

    internal static SigmaRuleSet LoadActive() => Load(WithPlaceholders);

    private static SigmaRuleSet Load(SigmaLoadOptions options)
    {
        var root = Corpora.Require("sigma-rules");
        return SigmaRuleSet.Load(ActiveFolders.Select(folder => Path.Combine(root, folder)), options);
    }

    [Fact]
    public void Every_active_rule_of_SigmaHQ_loads_without_an_error()
    {
        var set = LoadActive();

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(3_757, set.Rules.Count);
        Assert.Equal(144, set.Rules.Count(rule => rule.LogSource is { Product: "linux", Category: "process_creation" }));
        Assert.Equal(1_415, set.Rules.Count(rule => rule.LogSource is { Product: "windows", Category: "process_creation" }));
    }

    [Fact]
    public void Every_rule_of_all_five_folders_loads_and_one_without_values_takes_no_part()
    {
        var root = Corpora.Require("sigma-rules");
        string[] folders = [.. ActiveFolders, "rules-placeholder"];
        var files = folders.Sum(folder => Directory.GetFiles(Path.Combine(root, folder), "*.yml", SearchOption.AllDirectories).Length);

        var set = SigmaRuleSet.Load(folders.Select(folder => Path.Combine(root, folder)));

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(3_780, files);
        Assert.Equal(3_780, set.Rules.Count);
        var warned = set.Warnings.Where(warning => warning.Code == SigmaCodes.Placeholder).ToList();
        Assert.All(warned, warning => Assert.True(warning is { Line: > 1, Column: > 1 }, warning.ToString()));
        Assert.Equal(warned.Select(warning => warning.File).Distinct().Order(), set.Rules.Where(rule => rule.IsIdle).Select(rule => rule.File).Order());
        Assert.Equal(2, set.Rules.Count(rule => rule.IsIdle && !rule.File.Contains("rules-placeholder", StringComparison.Ordinal)));
    }

    [Fact]
    public void Almost_every_active_rule_has_something_that_the_index_can_look_for()
    {
        var set = LoadActive();
        var engine = SigmaEngine.Build(set.Rules);

        var always = Enumerable.Range(0, set.Rules.Count).Count(rule => engine.ClauseOf(rule) is null);

        TestContext.Current.SendDiagnosticMessage($"{always} of {set.Rules.Count} rules are always candidates");
        Assert.InRange(always, 0, set.Rules.Count / 50);
    }
}
