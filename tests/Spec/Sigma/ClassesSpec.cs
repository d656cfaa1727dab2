using System.Text;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Classes;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>What the engine remembers of values is bounded, and forgetting changes no answer.</summary>
public sealed class ClassesSpec
{
    private const int Words = 22;

    [Fact]
    public void More_classes_than_there_is_room_for_change_no_answer()
    {
        var engine = SigmaEngine.Build(Rules());
        var syntaxes = engine.Rules.Select(rule => rule.Syntax).ToList();
        var twin = new FullScan();
        var random = new Random(5);
        var matches = 0;
        for (var i = 0; i < 90_000; i++)
        {
            // Any set of the words is a class of its own.
            var words = Enumerable.Range(0, Words).Where(_ => random.Next(2) == 0).Select(word => $"word{word:00}");
            var batch = SigmaEvents.Of(("F", string.Join(' ', words)), ("G", random.Next(40).ToString("00", null)));
            var sink = new RecordingSink();
            engine.Evaluate(batch.View(0), sink);
            if (i % 30 == 0) Assert.Equal(twin.Matches(syntaxes, batch.View(0)).Select(index => engine.Rules[index]), sink.Matches);
            matches += sink.Matches.Count;
        }

        Assert.InRange(matches, 10_000, int.MaxValue);
    }

    [Fact]
    public void Values_that_hardly_ever_come_again_change_no_answer_and_cost_no_memory()
    {
        var engine = SigmaEngine.Build(Rules());
        var sink = new RecordingSink();
        var least = long.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var batches = Enumerable.Range(0, 4_000).Select(i => SigmaEvents.Of(("F", $"value {round}-{i} of no word"), ("G", $"{i}"))).ToList();
            least = Math.Min(least, Allocated.Least(() =>
            {
                foreach (var batch in batches) engine.Evaluate(batch.View(0), sink);
            }));
        }

        Assert.Equal(0, least);
        Assert.Empty(sink.Matches);
    }

    [Fact]
    public void A_value_that_was_pushed_out_is_not_taken_for_another()
    {
        var memo = new ValueMemo(1 << 15);
        for (var i = 0; i < 400_000; i++)
        {
            var value = Encoding.UTF8.GetBytes($"value {i % 70_000}");
            var last = i;
            var found = memo.FindLast(1 + (i % 3), value, last);
            if (found < 0) found = memo.Find(1 + (i % 3), value, out _, ref last);
            memo.Find(1 + (i % 3), value, out var hash, ref last);
            if (found >= 0) Assert.Equal((i % 70_000) + (i % 3), found);
            else memo.Add(1 + (i % 3), value, hash, (i % 70_000) + (i % 3));
        }
    }

    [Fact]
    public void Decisions_are_told_apart_by_all_their_classes()
    {
        var memo = new DecisionMemo(3);
        for (var i = 0; i < 200_000; i++)
        {
            int[] classes = [i % 50, i / 50 % 50, i / 2500 % 20];
            if (!memo.TryFind(classes, out var hash, out var decision))
                decision = memo.Add(classes, hash, [.. classes, classes.Sum()], 1);
            Assert.Equal([.. classes, classes.Sum()], memo.Rules(decision).ToArray());
        }
    }

    private static List<SigmaRule> Rules()
    {
        var rules = Enumerable.Range(0, Words).Select(word =>
            Fires.Rule($"a:\n    F|contains: word{word:00}\nb:\n    G: '{word:00}'\nc:\n    F|endswith: word{Words - 1 - word:00}\ncondition: a and (b or c)"));
        return [.. rules];
    }
}
