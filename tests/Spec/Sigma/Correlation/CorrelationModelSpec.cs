using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Alerts;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>The engine against the obvious slow correlation over random rules and streams with late, double and out-of-order matches.</summary>
public sealed class CorrelationModelSpec
{
    [Fact]
    public void Engine_and_twin_fire_alike() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
            {
                var difference = Compare(seed, -1, out _);
                Assert.True(difference is null, difference);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Fact]
    public void An_engine_that_is_saved_and_restored_in_the_midst_fires_alike() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
            {
                var difference = Compare(seed, seed % 100, out _);
                Assert.True(difference is null, difference);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Random_rules_and_streams_meet()
    {
        var fired = 0;
        var types = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var set = CorrelationText.Load(new RandomCorrelations(seed).Documents());
            Compare(seed, -1, out var found);
            if (found > 0) types.UnionWith(set.Correlations.Select(rule => rule.TypeName));
            fired += found;
        }

        Assert.Equal(7, types.Count);
        Assert.InRange(fired, 500, 100_000);
    }

    private static string? Compare(int seed, int restartAt, out int fired)
    {
        var random = new RandomCorrelations(seed);
        var set = CorrelationText.Load(random.Documents());
        var lateness = random.Lateness();
        var run = new CorrelationRun(set, new CorrelationOptions { Lateness = lateness });
        var twin = new SlowCorrelation(set, lateness);
        var stream = random.Stream(120);
        for (var i = 0; i < stream.Count; i++)
        {
            if (i == restartAt)
            {
                run.Engine = CorrelationEngine.Restore(set.Correlations, new CorrelationOptions { Lateness = lateness }, run.Engine.Save(), out var restored);
                Assert.True(restored >= 0, "what was saved is damaged");
            }

            var one = stream[i];
            var rule = set.Rules.Single(known => known.Name == one.Rule);
            var id = CorrelationRun.IdOf(one.Number);
            run.Engine.Hear(rule, SigmaEvents.Of([.. one.Fields.Select(pair => (pair.Key, (string?)pair.Value))]).View(0), one.Time, id, run);
            twin.Hear(rule, one.Time, id, one.Fields);
            var found = run.Fired.Select(Show).ToList();
            if (found.SequenceEqual(twin.Fired)) continue;
            fired = found.Count;
            return $"seed {seed}, match {i} ({one.Rule} at {one.Time}):\nengine {string.Join("\n       ", found.TakeLast(3))}\ntwin   {string.Join("\n       ", twin.Fired.TakeLast(3))}\n"
                + string.Join("---\n", new RandomCorrelations(seed).Documents());
        }

        fired = run.Fired.Count;
        return null;
    }

    private static string Show(CorrelationFiring firing)
    {
        Assert.Equal(AlertIds.OfAlert(firing.Rule.Alert, [.. firing.Events]), firing.Id);
        return SlowCorrelation.Show(firing.Rule, firing.ToNs, firing.Events, firing.Count, firing.Value);
    }
}
