using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>The engine against its twin over random rules and events.</summary>
public sealed class DifferentialSpec
{
    private const int RulesPerSet = 40;
    private const int EventsPerSet = 60;

    [Fact]
    public void Engine_and_twin_agree_on_random_rules_and_events() =>
        Prop.ForAll(Seeds(), seed =>
            {
                var difference = FindDifference(seed, null, out _);
                Assert.True(difference is null, difference);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(844023190)]
    public void Engine_and_twin_agree_where_they_once_did_not(int seed)
    {
        var difference = FindDifference(seed, null, out _);
        Assert.True(difference is null, difference);
    }

    [Fact]
    public void Random_rules_and_events_meet()
    {
        var matches = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            FindDifference(seed, null, out var found);
            matches += found;
        }

        Assert.InRange(matches, 1_000, RulesPerSet * EventsPerSet * 9);
    }

    [Fact]
    public void An_index_that_loses_one_literal_is_found_out()
    {
        int planted = 0, found = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var literals = ClauseLiterals(RulesOf(new RandomRules(seed), out _));
            var lost = literals[seed * 31 % literals.Count];
            var dropped = false;
            bool Keep(IndexLiteral literal)
            {
                if (literal.Field != lost.Field || !literal.Literal.Bytes.AsSpan().SequenceEqual(lost.Literal.Bytes)) return true;
                return !(dropped = true);
            }

            var difference = FindDifference(seed, Keep, out _, lost);
            if (dropped) planted++;
            if (difference is not null) found++;
            Assert.True(FindDifference(seed, null, out _, lost) is null);
        }

        // The others are literals of which another one of the same question occurs wherever they do.
        Assert.Equal(60, planted);
        Assert.InRange(found, planted / 3, planted);
    }

    /// <summary>The literals by which the index finds rules, one at least of each question that a rule is found by.</summary>
    private static List<IndexLiteral> ClauseLiterals(SigmaRuleSet set)
    {
        var literals = new List<IndexLiteral>();
        foreach (var rule in set.Rules)
        {
            var atoms = new List<Atom>();
            var clause = Clause.Of(rule.Ir, atom =>
            {
                atoms.Add(atom);
                return atoms.Count - 1;
            });
            foreach (var number in clause ?? [])
                literals.AddRange((atoms[number].Necessary ?? []).Select(literal => new IndexLiteral(atoms[number].Field, literal)));
        }

        return literals;
    }

    private static SigmaRuleSet RulesOf(RandomRules random, out List<string> texts)
    {
        texts = [.. Enumerable.Range(0, RulesPerSet).Select(_ => random.Rule())];
        var set = SigmaRuleSet.Parse(string.Concat(texts.Select(text => $"---\n{text}")), "random.yml");
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(RulesPerSet, set.Rules.Count);
        return set;
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static string? FindDifference(int seed, Predicate<IndexLiteral>? keep, out int matches, IndexLiteral? around = null)
    {
        var random = new RandomRules(seed);
        var set = RulesOf(random, out var texts);
        var engine = SigmaEngine.Build(set.Rules, null, keep);
        var twin = new FullScan();
        var syntaxes = set.Rules.Select(rule => rule.Syntax).ToList();
        matches = 0;
        var events = Enumerable.Range(0, EventsPerSet).Select(_ => random.Event());
        if (around is { } literal) events = events.Concat(syntaxes.SelectMany(rule => MadeFrom(rule, literal)));
        foreach (var batch in events)
        {
            var sink = new RecordingSink();
            engine.Evaluate(batch.View(0), sink);
            Assert.Empty(sink.Failures);
            var expected = twin.Matches(syntaxes, batch.View(0));
            matches += expected.Count;
            var found = sink.Matches.Select(rule => set.Rules.ToList().IndexOf(rule)).ToList();
            if (expected.SequenceEqual(found)) continue;
            var rule = expected.Except(found).Concat(found.Except(expected)).First();
            return $"seed {seed}, rule at line {set.Rules[rule].Line}: the twin says {expected.Contains(rule)}\n{texts[rule]}\n{Show(batch)}";
        }

        return null;
    }

    /// <summary>Events that the rule should match, as they are and with the literal where its field is.</summary>
    private static IEnumerable<EventBatch> MadeFrom(RuleSyntax rule, IndexLiteral literal)
    {
        for (var variation = 0; variation < 6; variation++)
        {
            List<(string Field, byte[] Value)> values;
            try
            {
                values = RuleEvents.Firing(rule, variation).Values;
            }
            catch (NotSupportedException)
            {
                continue;
            }

            yield return RuleEvents.Batch(values);
            var name = FieldTable.NameOf(literal.Field);
            yield return RuleEvents.Batch(values.ConvertAll(value => value.Field == name ? (name, literal.Literal.Bytes) : value));
        }
    }

    private static string Show(EventBatch batch)
    {
        var text = new System.Text.StringBuilder();
        foreach (var entry in batch.View(0).Entries)
        {
            var bytes = batch.Bytes(entry.Start, entry.Length);
            text.AppendLine($"{FieldTable.NameOf(entry.Id)} {entry.Kind}: {System.Text.Encoding.UTF8.GetString(bytes)} {Convert.ToHexString(bytes)}");
        }

        return text.ToString();
    }
}
