using System.ComponentModel.DataAnnotations;
using Picket.Detection.Sigma.Correlation;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>What correlations keep is bounded, and what goes is the oldest and is counted.</summary>
public sealed class CorrelationBoundsSpec
{
    private const string Three = "type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 1h\ncondition: {gte: 3}";

    [Fact]
    public void The_group_that_was_quiet_longest_goes_first()
    {
        var run = new CorrelationRun(Load(Document(Three)), new CorrelationOptions { MaxGroups = 3 });

        foreach (var group in (string[])["1", "2", "3", "1", "4"]) run.Hear("a", 0, ("G", group));
        Assert.Equal((3, 1L), (run.Engine.Groups, run.Engine.Counts.EvictedGroups));
        Assert.Equal(1, run.Hear("a", 1, ("G", "1")));
        Assert.Equal(0, run.Hear("a", 1, ("G", "2")));
        Assert.Equal(2, run.Engine.Counts.EvictedGroups);
        Assert.Equal(0, run.Hear("a", 1, ("G", "2")));
        Assert.Equal(1, run.Hear("a", 1, ("G", "2")));
    }

    [Fact]
    public void A_flood_in_one_group_keeps_the_newest_and_fires_as_if_it_had_kept_all()
    {
        var run = new CorrelationRun(Load(Document(Three)), new CorrelationOptions { MaxEvents = 1 });

        for (var i = 0; i < 10_000; i++) Assert.Equal(i is 2 or 3603 or 7204 ? 1 : 0, run.Hear("a", i, ("G", "x")));
        Assert.InRange(run.Engine.BytesInUse, 1, 1024);
        Assert.InRange(run.Engine.Counts.EvictedEvents, 9_000, 10_000);
    }

    [Fact]
    public void A_full_group_gives_up_what_is_older_than_its_window_first()
    {
        var run = new CorrelationRun(
            Load(Document("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 14}")),
            new CorrelationOptions { MaxEvents = 16, Lateness = TimeSpan.FromSeconds(10) });

        for (var i = 0; i < 10; i++) Assert.Equal(0, run.Hear("a", 0, ("G", "x")));
        for (var i = 0; i < 13; i++) Assert.Equal(0, run.Hear("a", 10.5 + i / 100.0, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 11, ("G", "x")));
        Assert.Equal((14, 8L), (run.Fired[0].Count, run.Engine.Counts.EvictedEvents));
    }

    [Theory]
    [InlineData("temporal")]
    [InlineData("temporal_ordered")]
    public void A_flood_of_one_rule_does_not_wash_away_the_match_of_another(string type)
    {
        var run = new CorrelationRun(Load(Document($"type: {type}\nrules: [a, b, c]\ngroup-by: [G]\ntimespan: 1h")), new CorrelationOptions { MaxEvents = 16 });

        run.Hear("a", 0, ("G", "x"));
        for (var i = 1; i < 1000; i++) Assert.Equal(0, run.Hear("b", i, ("G", "x")));
        Assert.Equal(1, run.Hear("c", 1000, ("G", "x")));
        Assert.Equal([1, 1000, 1001], CorrelationRun.NumbersOf(run.Fired[0]));
    }

    [Theory]
    [InlineData("event_count", "{gte: 65535}")]
    [InlineData("value_count", "{gte: 65535, field: V}")]
    public void A_budget_of_bytes_holds_for_all_together(string type, string condition)
    {
        var options = new CorrelationOptions { MaxBytes = 1 << 20 };
        var run = new CorrelationRun(
            Load(Document($"type: {type}\nrules: [a]\ngroup-by: [G]\ntimespan: 1h\ncondition: {condition}"), Document(Three)), options);

        var random = new Random(1);
        for (var i = 0; i < 60_000; i++)
        {
            run.Hear("a", i / 1000.0, ("G", $"{random.Next(2000)}"), ("V", $"{i}"));
            Assert.True(run.Engine.BytesInUse <= options.MaxBytes + 4096, $"{run.Engine.BytesInUse} bytes after {i} matches");
        }

        Assert.InRange(run.Engine.Counts.EvictedGroups, 1000, 60_000);
    }

    [Fact]
    public void Nothing_is_kept_of_groups_that_have_gone()
    {
        var run = new CorrelationRun(Load(
            Document(Three), Document("type: value_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 3, field: V}"),
            Document("type: temporal_ordered\nrules: [a, b]\ngroup-by: [G]\ntimespan: 10s")));

        for (var i = 0; i < 5000; i++) run.Hear("a", i / 1000.0, ("G", $"{i % 700}"), ("V", $"{i}"));
        Assert.Equal(2100, run.Engine.Groups);
        run.Engine.Expire(100 * CorrelationRun.Second);
        Assert.Equal(700, run.Engine.Groups);
        run.Engine.Expire(7200 * CorrelationRun.Second);
        Assert.Equal((0, 0L), (run.Engine.Groups, run.Engine.BytesInUse));
        Assert.Equal(0, run.Engine.Counts.EvictedGroups);
    }

    [Fact]
    public void A_group_is_kept_as_long_as_a_late_match_may_join_it()
    {
        var run = new CorrelationRun(Load(Document(Three)));
        for (var i = 0; i < 2; i++) Assert.Equal(0, run.Hear("a", 2, ("G", "x")));
        run.Engine.Expire(3661 * CorrelationRun.Second);
        Assert.Equal(1, run.Hear("a", 3601, ("G", "x")));
    }

    [Fact]
    public void Hearing_allocates_nothing_once_groups_are_there()
    {
        var set = Load(Document(Three.Replace("gte: 3", "gte: 60000", StringComparison.Ordinal)));
        var engine = new CorrelationEngine(set.Correlations);
        var sink = new CorrelationRun(set);
        var batch = SigmaEvents.Of(("G", "a user"));
        void Hear(int from, int count)
        {
            for (var i = from; i < from + count; i++)
                engine.Hear(set.Rules[0], batch.View(0), i * CorrelationRun.Second, CorrelationRun.IdOf(i), sink);
        }

        var heard = 20_000;
        Hear(0, heard);
        Assert.Equal(0, Allocated.Least(() =>
        {
            Hear(heard, 20_000);
            heard += 20_000;
        }));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var options in (CorrelationOptions[])[new() { MaxGroups = 0 }, new() { MaxEvents = 0 }, new() { MaxEvents = 65_537 }, new() { MaxBytes = 1 }, new() { Lateness = -TimeSpan.FromTicks(1) }])
            Assert.Throws<ValidationException>(() => new CorrelationEngine([], options));
    }
}
