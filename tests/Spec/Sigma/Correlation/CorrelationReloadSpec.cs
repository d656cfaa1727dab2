using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>Correlations over a new set of rules while matches by the old one may still come.</summary>
public sealed class CorrelationReloadSpec
{
    private const string Count = "type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 3}";
    private const string Other = "type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 2}";

    [Fact]
    public void A_correlation_that_is_the_same_goes_on_with_matches_by_both_sets()
    {
        var old = Load(Document(Count));
        var run = new CorrelationRun(old);
        run.Hear("a", 0, ("G", "x"));
        var edited = Load(Document(Other, "name: o"), Document(Count));
        var next = new CorrelationRun(edited) { Engine = run.Engine.Next(edited.Correlations) };

        Assert.Equal(0, next.HearAs(11, RuleOf(old), 1, ("G", "x")));
        Assert.Equal(0, next.HearAs(12, RuleOf(edited), 1, ("G", "y")));
        Assert.Equal(1, next.HearAs(13, RuleOf(edited), 2, ("G", "x")));
        Assert.Equal([1, 11, 13], CorrelationRun.NumbersOf(next.Fired[^1]));

        // The new one has heard of matches by its own set only, of which there was one in each group.
        Assert.Equal(4, next.Engine.Groups);
        next.Engine.Retire();
        Assert.Equal(0, next.HearAs(14, RuleOf(old), 3, ("G", "z")));
        Assert.Equal(4, next.Engine.Groups);
    }

    [Fact]
    public void A_match_by_the_old_set_counts_for_its_correlations_until_none_can_follow()
    {
        var old = Load(Document(Count));
        var run = new CorrelationRun(old);
        run.Hear("a", 0, ("G", "x"));
        run.Hear("a", 0, ("G", "x"));
        var edited = Load(Document(Count + " # edited"));
        var next = new CorrelationRun(edited) { Engine = run.Engine.Next(edited.Correlations) };

        Assert.Equal(0, next.HearAs(11, RuleOf(edited), 1, ("G", "x")));
        Assert.Equal(1, next.HearAs(12, RuleOf(old), 1, ("G", "x")));
        Assert.Same(old.Correlations[0], next.Fired[0].Rule);
        var inUse = next.Engine.BytesInUse;
        next.Engine.Retire();
        Assert.True(next.Engine.BytesInUse < inUse, "what left the set still holds memory");
        Assert.Equal(0, next.HearAs(13, RuleOf(edited), 2, ("G", "x")));
        Assert.Equal(1, next.HearAs(14, RuleOf(edited), 2, ("G", "x")));
    }

    [Fact]
    public void Engine_and_twin_fire_alike_when_the_rules_are_read_again_in_the_midst() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
            {
                var random = new RandomCorrelations(seed);
                var documents = random.Documents();
                var (set, again) = (Load(documents), Load(documents));
                var options = new CorrelationOptions { Lateness = random.Lateness() };
                var run = new CorrelationRun(set, options);
                var twin = new SlowCorrelation(set, options.Lateness);
                var stream = random.Stream(120);
                for (var i = 0; i < stream.Count; i++)
                {
                    var one = stream[i];
                    if (i == seed % 100) run.Engine = run.Engine.Next(again.Correlations);
                    if (i == (seed % 100) + 10) run.Engine.Retire();

                    // Shards swap one after the other.
                    var swapped = i >= (seed % 100) + 10 || (i > seed % 100 && i % 2 == 0);
                    var id = CorrelationRun.IdOf(one.Number);
                    run.Engine.Hear((swapped ? again : set).Rules.Single(rule => rule.Name == one.Rule),
                        SigmaEvents.Of([.. one.Fields.Select(pair => (pair.Key, (string?)pair.Value))]).View(0), one.Time, id, run);
                    twin.Hear(set.Rules.Single(rule => rule.Name == one.Rule), one.Time, id, one.Fields);
                }

                Assert.Equal(twin.Fired, run.Fired.Select(firing => SlowCorrelation.Show(firing.Rule, firing.ToNs, firing.Events, firing.Count, firing.Value)));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static SigmaRule RuleOf(SigmaRuleSet set) => set.Rules.Single(rule => rule.Name == "a");
}
