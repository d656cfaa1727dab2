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
    public void A_rule_whose_placeholder_has_no_values_is_refused_and_no_other()
    {
        var set = Load(new SigmaLoadOptions());

        Assert.Equal(3_755, set.Rules.Count);
        Assert.All(set.Errors, error => Assert.Equal(SigmaCodes.Placeholder, error.Code));
        Assert.All(set.Errors, error => Assert.True(error is { Line: > 1, Column: > 1 }));
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
