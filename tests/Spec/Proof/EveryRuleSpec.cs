using System.Runtime.Versioning;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Check;
using Picket.Spec.Live;

namespace Picket.Spec.Proof;

/// <summary>
/// Every published rule for Linux that <c>rules check</c> calls fed is proved: a harmless deed, made of the rule's own condition, under
/// the real kernel or in a watched log, makes this very rule alert on this very deed.
/// </summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class EveryRuleSpec
{
    private static readonly string[] Folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];

    /// <summary>The fed rules that no deed of this test makes fire, each with the reason.</summary>
    private static readonly Dictionary<string, string> Unproved = new(StringComparer.Ordinal)
    {
    };

    [Fact]
    public async Task Every_fed_rule_alerts_on_a_deed_made_of_it()
    {
        var root = Corpora.Require("sigma-rules");
        var published = SigmaRuleSet.Load(Folders.Select(name => Path.Combine(root, name)), new SigmaLoadOptions()).Rules
            .Where(rule => rule.LogSource.Product == "linux").Select(rule => rule.File).Distinct().ToList();
        var folder = TestFolder.Make("every-rule");
        var rules = Directory.CreateDirectory(Path.Combine(folder, "rules")).FullName;
        var logs = Directory.CreateDirectory(Path.Combine(folder, "logs")).FullName;
        var deeds = new List<(SigmaRule Rule, Deed? Deed)>();
        try
        {
            foreach (var file in published) File.Copy(file, Path.Combine(rules, Path.GetFileName(file)));
            var set = SigmaRuleSet.Load([rules], new SigmaLoadOptions());
            var check = SigmaRuleCheck.Of(set, SensorTable.Linux);
            var fed = check.Rules.Where(rule => rule.Verdict != RuleVerdict.CanNeverFire).Select(rule => rule.Id).ToHashSet();
            await using var node = await LiveNode.StartAsync(rules, null, "sensors.logs.journal=off",
                $"sensors.logs.files=[{string.Join(',', RuleDeeds.Watched.Select(name => $"{{path=\"{logs}/{name}.log\",service={name}}}"))}]");
            var stage = new Stage(node.Folder);
            var maker = new RuleDeeds(stage, logs);
            foreach (var rule in set.Rules.Where(rule => fed.Contains(rule.Id))) deeds.Add((rule, maker.Do(rule)));
            var last = deeds.Last(one => one.Deed is not null && one.Rule.LogSource.Category == "process_creation");
            await node.AlertAsync(alert => alert.GetProperty("rule").GetProperty("id").GetString() == last.Rule.Id && last.Deed!.Answers(alert), last.Deed!.Words);
            Assert.True(await node.StopAsync(), "not all that was under way arrived");
            Assert.Equal((0L, 0L), (node.Host.Counters.Lost, node.Host.Counters.Failed));

            var byRule = node.Alerts().ToLookup(alert => alert.GetProperty("rule").GetProperty("id").GetString());
            bool Alerted(SigmaRule rule, Deed? deed) => deed is not null && byRule[rule.Id].Any(deed.Answers);
            var silent = deeds.Where(one => !Alerted(one.Rule, one.Deed)).ToList();
            var unproved = silent.Where(one => !Unproved.ContainsKey(one.Rule.Id)).Select(one => $"{Path.GetFileName(one.Rule.File)}: {one.Deed?.Words ?? "no deed"}").ToList();
            var proved = Unproved.Keys.Where(id => deeds.Exists(one => one.Rule.Id == id && Alerted(one.Rule, one.Deed)) || !fed.Contains(id)).ToList();
            var said = $"{set.Rules.Count} rules: fed {fed.Count}, proved {deeds.Count - silent.Count}, needs-external {set.Rules.Count - fed.Count}";
            TestContext.Current.SendDiagnosticMessage(said);
            TestContext.Current.TestOutputHelper!.WriteLine(said);
            Assert.True(unproved.Count == 0, $"{said}; not proved:\n{string.Join('\n', unproved)}");
            Assert.True(proved.Count == 0, $"no exceptions any more: {string.Join(' ', proved)}");
            Assert.Empty(node.Alerts().SelectMany(EcsList.Strangers).Distinct());
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
