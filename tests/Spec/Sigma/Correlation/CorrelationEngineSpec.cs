using Picket.Detection.Alerts;
using Picket.Detection.Sigma.Correlation;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

public sealed class CorrelationEngineSpec
{
    private const string Group = "\ngroup-by: [G]\ntimespan: 10s";

    [Fact]
    public void A_count_fires_when_it_is_reached_within_the_timespan_and_for_its_group_alone()
    {
        var run = Run("type: event_count\nrules: [a, b]" + Group + "\ncondition: {gte: 3}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("b", 5, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 9, ("G", "y")));
        Assert.Equal(0, run.Hear("a", 10.1, ("G", "x")));
        Assert.Equal(0, run.Hear("c", 11, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 14.9, ("G", "x")));

        var fired = Assert.Single(run.Fired);
        Assert.Equal([2, 4, 6], CorrelationRun.NumbersOf(fired));
        Assert.Equal((5 * CorrelationRun.Second, (long)(14.9 * CorrelationRun.Second), 3, 3.0), (fired.FromNs, fired.ToNs, fired.Count, fired.Value));
        Assert.Equal([new("G", "x")], fired.Group);
        Assert.Equal(AlertIds.OfAlert(fired.Rule.Alert, [.. fired.Events]), fired.Id);
    }

    [Fact]
    public void What_goes_on_is_said_once_in_each_timespan()
    {
        var run = Run("type: event_count\nrules: [a]" + Group + "\ncondition: {gte: 3}");

        var fired = Enumerable.Range(0, 40).Where(second => run.Hear("a", second, ("G", "x")) == 1).ToList();

        Assert.Equal([2, 13, 24, 35], fired);
        Assert.Equal(11, run.Fired[1].Count);
        Assert.Empty(run.Fired[1].Events.Intersect(run.Fired[0].Events));
    }

    [Theory]
    [InlineData("{gt: 2}", "0 0 1")]
    [InlineData("{eq: 2}", "0 1 0")]
    [InlineData("{gte: 2, lte: 2}", "0 1 0")]
    [InlineData("{lt: 2}", "1 0 0")]
    [InlineData("{neq: 1}", "0 1 0")]
    public void A_condition_is_asked_with_each_match(string condition, string fires)
    {
        var run = Run("type: event_count\nrules: [a]" + Group + $"\ncondition: {condition}");

        Assert.Equal(fires, string.Join(' ', Enumerable.Range(0, 3).Select(second => run.Hear("a", second, ("G", "x")))));
    }

    [Theory]
    [InlineData("type: event_count\nrules: [a, b]\ncondition: {gte: 2}")]
    [InlineData("type: temporal\nrules: [a, b]")]
    [InlineData("type: temporal_ordered\nrules: [a, b]")]
    public void What_is_a_timespan_apart_is_within_it_and_what_is_farther_is_not(string text)
    {
        Assert.Equal([0, 1], Fires(10));
        Assert.Equal([0, 0], Fires(10.001));

        int[] Fires(double apart)
        {
            var run = Run(text + Group);
            return [run.Hear("a", 0, ("G", "x")), run.Hear("b", apart, ("G", "x"))];
        }
    }

    [Theory]
    [InlineData("a and b", "abc", "010")]
    [InlineData("a and (b or c)", "acb", "010")]
    [InlineData("a and not b", "a", "1")]
    [InlineData("a and not b", "ba", "00")]
    [InlineData("(a or b) and not c", "cab", "000")]
    [InlineData("a and b or c", "c", "1")]
    [InlineData("a and b or c", "bba", "001")]
    [InlineData("a or b and c", "a", "1")]
    [InlineData("a or b and c", "bc", "01")]
    [InlineData("not a and b", "b", "1")]
    [InlineData("not a and b", "ab", "00")]
    [InlineData("a and not (b or c)", "a", "1")]
    [InlineData("a and not (b or c)", "ba", "00")]
    [InlineData("a and not (b or c)", "ca", "00")]
    [InlineData("a and not (b and c)", "ba", "01")]
    [InlineData("a and not (b and c)", "bca", "000")]
    [InlineData("a or b or c", "c", "1")]
    [InlineData("a and b and c", "aabc", "0001")]
    [InlineData("1 of them", "c", "1")]
    [InlineData("2 of them", "aacb", "001")]
    [InlineData("all of them", "aacb", "0001")]
    public void A_temporal_rule_may_be_an_expression_over_its_rules(string expression, string kinds, string fires)
    {
        string[] named = expression.Contains("them", StringComparison.Ordinal) ? ["a, b, c"] : ["", string.Join(", ", expression.Split(' ', '(', ')').Where(word => word.Length == 1))];
        foreach (var rules in named)
        {
            var run = Run("type: temporal\n" + (rules.Length > 0 ? $"rules: [{rules}]\n" : "") + $"condition: {expression}" + Group);

            var heard = kinds.Select((kind, second) => run.Hear(kind.ToString(), second, ("G", "x")));

            // What a rule does not name counts for nothing.
            Assert.Equal(fires, string.Concat(heard)[..fires.Length]);
        }
    }

    [Fact]
    public void What_left_the_window_is_there_no_more_for_an_expression_either()
    {
        var run = Run("type: temporal\nrules: [a, b]\ncondition: a and not b" + Group);

        Assert.Equal(0, run.Hear("b", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 10, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 10.1, ("G", "x")));
        Assert.Single(run.Fired);
    }

    [Fact]
    public void A_median_is_the_percentile_50()
    {
        var run = Run("type: value_median\nrules: [a]" + Group + "\ncondition: {field: V, gt: 10}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x"), ("V", "1")));
        Assert.Equal(0, run.Hear("a", 1, ("G", "x"), ("V", "30")));
        Assert.Equal(1, run.Hear("a", 2, ("G", "x"), ("V", "20")));
        Assert.Equal(20.0, Assert.Single(run.Fired).Value);
    }

    [Fact]
    public void Different_values_count_once_and_go_with_their_last_event()
    {
        var run = Run("type: value_count\nrules: [a]" + Group + "\ncondition: {field: V, gte: 3}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x"), ("V", "1")));
        Assert.Equal(0, run.Hear("a", 3.9, ("G", "x"), ("V", "1")));
        Assert.Equal(0, run.Hear("a", 5, ("G", "x"), ("V", "2")));
        Assert.Equal(0, run.Hear("a", 6, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 7, ("G", "x"), ("V", null)));
        Assert.Equal(0, run.Hear("a", 14, ("G", "x"), ("V", "3")));
        Assert.Equal(1, run.Hear("a", 14.5, ("G", "x"), ("V", "4")));
        Assert.Equal((3.0, 3, 2), (run.Fired[0].Value, run.Fired[0].Count, (int)run.Engine.Counts.Valueless));
    }

    [Fact]
    public void Several_fields_are_one_value()
    {
        var run = Run("type: value_count\nrules: [a]" + Group + "\ncondition: {field: [V, W], gte: 3}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x"), ("V", "1"), ("W", "12")));
        Assert.Equal(0, run.Hear("a", 1, ("G", "x"), ("V", "11"), ("W", "2")));
        Assert.Equal(0, run.Hear("a", 2, ("G", "x"), ("V", "11"), ("W", "2")));
        Assert.Equal(1, run.Hear("a", 3, ("G", "x"), ("V", "11"), ("W", "3")));
    }

    [Fact]
    public void Rules_come_together_in_any_order()
    {
        var run = Run("type: temporal\nrules: [a, b, c]" + Group);

        Assert.Equal(0, run.Hear("c", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 3, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 4, ("G", "x")));
        Assert.Equal(1, run.Hear("b", 5, ("G", "x")));
        Assert.Equal([1, 3, 4], CorrelationRun.NumbersOf(run.Fired[0]));
        Assert.Equal((4, 3.0), (run.Fired[0].Count, run.Fired[0].Value));
    }

    [Fact]
    public void Rules_come_together_in_their_order()
    {
        var run = Run("type: temporal_ordered\nrules: [a, b, c]" + Group);

        Assert.Equal(0, run.Hear("c", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("b", 1, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 1.9, ("G", "x")));
        Assert.Equal(0, run.Hear("c", 3, ("G", "x")));
        Assert.Equal(0, run.Hear("b", 4, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 5, ("G", "x")));
        Assert.Equal(0, run.Hear("c", 12, ("G", "x")));
        Assert.Equal(0, run.Hear("b", 13, ("G", "x")));
        Assert.Equal(1, run.Hear("c", 14, ("G", "x")));
        Assert.Equal([6, 8, 9], CorrelationRun.NumbersOf(run.Fired[0]));
    }

    [Fact]
    public void At_one_time_rules_are_in_order_either_way()
    {
        var run = Run("type: temporal_ordered\nrules: [a, b]" + Group);

        Assert.Equal(0, run.Hear("b", 1, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 1, ("G", "x")));
    }

    [Theory]
    [InlineData("value_sum", "{field: V, gt: 10}", "4 4 2 0.5", "0 0 0 1", 10.5)]
    [InlineData("value_sum", "{field: V, gt: 1e13}", "5e12 4e12 2e12", "0 0 1", 1.1e13)]
    [InlineData("value_sum", "{field: V, lte: -1}", "4 -4 -1", "0 0 1", -1.0)]
    [InlineData("value_avg", "{field: V, lt: 3}", "4 3 3 1", "0 0 0 1", 2.75)]
    [InlineData("value_avg", "{field: V, eq: 0.1}", "0.1 5", "1 0", 0.1)]
    [InlineData("value_percentile", "{field: V, percentile: 50, gte: 5}", "1 2 9 9 9", "0 0 0 0 1", 9.0)]
    [InlineData("value_percentile", "{field: V, percentile: 90, gt: 8}", "1 2 3 4 5 6 7 8 9 8.5 8.25", "0 0 0 0 0 0 0 0 1 0 0", 9.0)]
    [InlineData("value_percentile", "{field: V, percentile: 50.5, gte: 9}", "1 9", "0 1", 9.0)]
    [InlineData("value_percentile", "{field: V, percentile: 0, gte: 2}", "2", "1", 2.0)]
    [InlineData("value_percentile", "{field: V, percentile: 100, lt: 2}", "1e0", "1", 1.0)]
    public void Numbers_are_added_up(string type, string condition, string values, string fires, double value)
    {
        var run = Run($"type: {type}\nrules: [a]" + Group + $"\ncondition: {condition}");

        Assert.Equal(fires, string.Join(' ', values.Split(' ').Select((number, i) => run.Hear("a", i / 2.0, ("G", "x"), ("V", number)))));
        Assert.Equal(value, run.Fired[0].Value, 9);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData(null)]
    public void What_is_no_number_is_left_out(string? value)
    {
        var run = Run("type: value_sum\nrules: [a]" + Group + "\ncondition: {field: V, gte: 0}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x"), ("V", value)));
        Assert.Equal(1, run.Engine.Counts.Valueless);
    }

    [Fact]
    public void A_sum_is_the_same_when_what_was_added_has_left_it()
    {
        var run = Run("type: value_sum\nrules: [a]" + Group + "\ncondition: {field: V, eq: 0.3}");

        run.Hear("a", 0, ("G", "x"), ("V", "1e17"));
        for (var i = 1; i < 10; i++) run.Hear("a", i, ("G", "x"), ("V", "0.1"));
        Assert.Equal(0, run.Hear("a", 17, ("G", "x"), ("V", "0.2")));
        Assert.Equal(1, run.Hear("a", 19.5, ("G", "x"), ("V", "0.1")));
    }

    [Fact]
    public void Values_of_groups_are_compared_whole_and_missing_ones_are_their_own()
    {
        var run = Run("type: event_count\nrules: [a]\ngroup-by: [G, H]\ntimespan: 10s\ncondition: {gte: 2}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x"), ("H", "yz")));
        Assert.Equal(0, run.Hear("a", 0, ("G", "xy"), ("H", "z")));
        Assert.Equal(0, run.Hear("a", 0, ("G", "xyz")));
        Assert.Equal(0, run.Hear("a", 0, ("G", "xyz"), ("H", "")));
        Assert.Equal(0, run.Hear("a", 0, ("H", "xyz")));
        Assert.Equal(0, run.Hear("a", 0, ("G", "X"), ("H", "yz")));
        Assert.Equal(1, run.Hear("a", 0, ("G", "xyz"), ("H", null)));
        Assert.Equal([new("G", "xyz"), new("H", null)], run.Fired[0].Group);
        Assert.Equal(0, run.Hear("a", 0));
        Assert.Equal(0, run.Hear("a", 0, ("G", null)));
        Assert.Equal(2, run.Engine.Counts.Ungrouped);
        Assert.Equal(6, run.Engine.Groups);
    }

    [Fact]
    public void Without_group_by_all_is_one_group()
    {
        var run = Run("type: event_count\nrules: [a]\ntimespan: 10s\ncondition: {gte: 2}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 0));
        Assert.Empty(run.Fired[0].Group);
    }

    [Fact]
    public void An_alias_is_another_field_of_each_rule()
    {
        var run = Run("type: temporal\nrules: [a, b]\ngroup-by: [inner, outer]\ntimespan: 10s\naliases:\n  inner: {a: dst, b: src}\n  outer: {a: src, b: dst}");

        Assert.Equal(0, run.Hear("a", 0, ("src", "1"), ("dst", "2")));
        Assert.Equal(0, run.Hear("b", 1, ("src", "1"), ("dst", "2")));
        Assert.Equal(1, run.Hear("b", 2, ("src", "2"), ("dst", "1")));
        Assert.Equal([new("inner", "2"), new("outer", "1")], run.Fired[0].Group);
    }

    [Fact]
    public void A_correlation_over_correlations_hears_when_they_fire()
    {
        var set = Load(
            Document("type: temporal_ordered\nrules: [many, b]\ngroup-by: [U]\ntimespan: 60s"),
            Document("type: event_count\nrules: [a]\ngroup-by: [who, H]\ntimespan: 10s\ncondition: {gte: 3}\naliases: {who: {a: U}}", "name: many"));
        var run = new CorrelationRun(set);

        for (var i = 0; i < 3; i++) Assert.Equal(0, run.Hear("a", i, ("U", "eve"), ("H", "h")));
        Assert.Equal(0, run.Hear("b", 5, ("U", "bob")));
        Assert.Equal(1, run.Hear("b", 6, ("U", "eve"), ("H", "other")));

        var fired = Assert.Single(run.Fired);
        Assert.Equal([new("U", "eve")], fired.Group);
        Assert.Equal(2 * CorrelationRun.Second, fired.FromNs);
        var inner = AlertIds.OfAlert(set.Correlations[1].Alert, [CorrelationRun.IdOf(1), CorrelationRun.IdOf(2), CorrelationRun.IdOf(3)]);
        Assert.Equal([inner, CorrelationRun.IdOf(5)], fired.Events);
    }

    [Fact]
    public void An_alias_of_the_inner_correlation_is_known_to_the_outer_one()
    {
        var run = new CorrelationRun(Load(
            Document("type: event_count\nrules: [inner]\ngroup-by: [address]\ntimespan: 60s\ncondition: {gte: 2}\ngenerate: true"),
            Document("type: temporal\nrules: [a, b]\ngroup-by: [address]\ntimespan: 1s\naliases: {address: {a: src, b: dst}}", "name: inner")));

        for (var second = 0; second < 20; second += 10)
        {
            run.Hear("a", second, ("src", "1"));
            run.Hear("b", second, ("dst", "1"));
        }

        Assert.Equal(["t", "t", "t"], run.Fired.Select(fired => fired.Rule.Title));
        Assert.Equal([false, false, true], run.Fired.Select(fired => fired.Rule.Type == Picket.Detection.Sigma.Ast.CorrelationType.EventCount));
        Assert.Equal([new("address", "1")], run.Fired[^1].Group);
    }

    [Fact]
    public void A_late_match_completes_a_window_that_has_passed()
    {
        var run = Run("type: event_count\nrules: [a]" + Group + "\ncondition: {gte: 3}");

        Assert.Equal(0, run.Hear("a", 0, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 9, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 14, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 5, ("G", "x")));
        Assert.Equal([1, 4, 2], CorrelationRun.NumbersOf(run.Fired[0]));
        Assert.Equal(9 * CorrelationRun.Second, run.Fired[0].ToNs);
    }

    [Fact]
    public void What_is_too_late_is_counted_and_left_out()
    {
        var run = Run("type: event_count\nrules: [a]" + Group + "\ncondition: {gte: 2}", new CorrelationOptions { Lateness = TimeSpan.FromSeconds(2) });

        Assert.Equal(0, run.Hear("a", 20, ("G", "x")));
        Assert.Equal(0, run.Hear("a", 7.9, ("G", "x")));
        Assert.Equal((1L, 1L), (run.Engine.Counts.Late, run.Engine.Counts.Taken));
        Assert.Equal(0, run.Hear("a", 8.5, ("G", "x")));
        Assert.Equal(1, run.Hear("a", 10.5, ("G", "x")));
    }

    [Fact]
    public void What_comes_twice_counts_once()
    {
        var run = Run("type: event_count\nrules: [a, b]" + Group + "\ncondition: {gte: 3}");

        Assert.Equal(0, run.HearAs(1, "a", 0, ("G", "x")));
        Assert.Equal(0, run.HearAs(1, "a", 0, ("G", "x")));
        Assert.Equal(0, run.HearAs(2, "a", 3, ("G", "x")));
        Assert.Equal(0, run.HearAs(1, "a", 0, ("G", "x")));
        Assert.Equal(0, run.HearAs(2, "a", 3, ("G", "x")));
        Assert.Equal(3, run.Engine.Counts.Duplicates);
        Assert.Equal(1, run.HearAs(2, "b", 3, ("G", "x")));
    }

    private static CorrelationRun Run(string correlation, CorrelationOptions? options = null) => new(Load(Document(correlation)), options);
}
