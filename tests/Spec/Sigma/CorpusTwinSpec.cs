using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>Every rule of SigmaHQ against events made from it, through the engine with all rules loaded, and through its twin.</summary>
public sealed class CorpusTwinSpec
{
    private const int Variations = 12;

    [Fact]
    public void Every_rule_fires_on_an_event_made_from_it_and_stays_silent_on_near_misses()
    {
        var rules = CorpusLoadSpec.LoadActive().Rules;
        var engine = SigmaEngine.Build(rules);
        var twin = new FullScan();
        int firing = 0, misses = 0, silentMisses = 0;
        var never = new List<string>();
        foreach (var rule in rules)
        {
            var fired = false;
            for (var variation = 0; variation < Variations && !fired; variation++)
            {
                if (Make(rule, variation, -1, out var items) is not { } values) continue;
                fired = Agree(engine, twin, rule, values);
                if (!fired) continue;
                firing++;
                for (var item = 0; item < items; item++)
                {
                    misses++;
                    if (!Agree(engine, twin, rule, Make(rule, variation, item, out _)!)) silentMisses++;
                }
            }

            if (!fired) never.Add(rule.ToString());
        }

        TestContext.Current.SendDiagnosticMessage($"{firing} rules fired, {silentMisses} of {misses} near misses were silent; not solved: {string.Join("; ", never)}");
        Assert.InRange(never.Count, 0, rules.Count / 100);
        Assert.InRange(silentMisses, misses * 95 / 100, misses);
    }

    [Fact]
    public void With_all_rules_loaded_engine_and_twin_name_the_same_rules()
    {
        var rules = CorpusLoadSpec.LoadActive().Rules;
        var engine = SigmaEngine.Build(rules);
        var twin = new FullScan();
        var syntaxes = rules.Select(rule => rule.Syntax).ToList();
        var matches = 0;
        for (var i = 0; i < rules.Count; i += 29)
        {
            if (Make(rules[i], i % Variations, -1, out _) is not { } values) continue;
            var batch = RuleEvents.Batch(values);
            var sink = new RecordingSink();
            engine.Evaluate(batch.View(0), sink);

            Assert.Equal(twin.Matches(syntaxes, batch.View(0)).Select(index => rules[index].ToString()), sink.Matches.Select(rule => rule.ToString()));
            matches += sink.Matches.Count;
        }

        Assert.InRange(matches, 100, int.MaxValue);
    }

    private static bool Agree(SigmaEngine engine, FullScan twin, SigmaRule rule, List<(string Field, byte[] Value)> values)
    {
        var batch = RuleEvents.Batch(values);
        var sink = new RecordingSink();
        engine.Evaluate(batch.View(0), sink);
        Assert.Empty(sink.Failures);
        var expected = twin.Matches(rule.Syntax, batch.View(0));
        Assert.True(expected == sink.Matches.Contains(rule), $"{rule}: the twin says {expected}");
        return expected;
    }

    private static List<(string Field, byte[] Value)>? Make(SigmaRule rule, int variation, int spoiled, out int items)
    {
        items = 0;
        try
        {
            if (spoiled >= 0) return RuleEvents.NearMiss(rule.Syntax, variation, spoiled);
            (var values, items) = RuleEvents.Firing(rule.Syntax, variation);
            return values;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
