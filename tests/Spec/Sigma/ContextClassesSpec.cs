using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>What the index remembers of a context changes no answer: the engine against its twin over contexts that make many events.</summary>
public sealed class ContextClassesSpec
{
    [Fact]
    public void Engine_and_twin_agree_however_often_a_context_comes_again() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new RandomRules(seed);
            var order = new Random(seed);
            var set = SigmaRuleSet.Parse(string.Concat(Enumerable.Range(0, 30).Select(_ => $"---\n{random.Rule()}")), "random.yml");
            var engine = SigmaEngine.Build(set.Rules);
            var twin = new FullScan();
            var syntaxes = set.Rules.Select(rule => rule.Syntax).ToList();
            var contexts = Enumerable.Range(0, 4).Select(_ => new Changing(random.Event())).ToList();
            for (var i = 0; i < 60; i++)
            {
                var context = contexts[order.Next(contexts.Count)];
                if (order.Next(8) == 0) context.Change(random.Event());
                var batch = random.Event();
                batch.Attach(0, context);
                var sink = new RecordingSink();
                engine.Evaluate(batch.View(0), sink);
                Assert.Empty(sink.Failures);
                Assert.Equal(
                    twin.Matches(syntaxes, batch.View(0)).Select(index => set.Rules[index].Line), sink.Matches.Select(rule => rule.Line));
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void A_context_that_says_more_later_is_read_again()
    {
        var engine = SigmaEngine.Build([Fires.Item("Given: late")]);
        var context = new Changing(SigmaEvents.Of(("Other", "x")));
        Assert.Equal([0, 0, 0], Matches(engine, context, 3));
        context.Change(SigmaEvents.Of(("Given", "late")));
        Assert.Equal([1, 1, 1], Matches(engine, context, 3));
    }

    [Fact]
    public void What_the_record_says_itself_hides_the_context()
    {
        var engine = SigmaEngine.Build([Fires.Item("Given: here")]);
        var context = new Changing(SigmaEvents.Of(("Given", "here")));
        Assert.Equal([1, 1, 1], Matches(engine, context, 3));
        var batch = SigmaEvents.Of(("Given", "elsewhere"));
        batch.Attach(0, context);
        var sink = new RecordingSink();
        engine.Evaluate(batch.View(0), sink);
        Assert.Empty(sink.Matches);
    }

    [Fact]
    public void More_contexts_than_there_is_room_for_are_all_asked_about()
    {
        var engine = SigmaEngine.Build([Fires.Item("Given: yes")]);
        var contexts = Enumerable.Range(0, 3_000).Select(i => new Changing(SigmaEvents.Of(("Given", i % 3 == 0 ? "yes" : "no")))).ToList();
        for (var round = 0; round < 3; round++)
        {
            Assert.All(contexts.Select((context, i) => (Context: context, Wanted: i % 3 == 0 ? 2 : 0)),
                one => Assert.Equal(one.Wanted, Matches(engine, one.Context, 2).Sum()));
        }
    }

    private static List<int> Matches(SigmaEngine engine, EventContext context, int times)
    {
        var counts = new List<int>();
        for (var i = 0; i < times; i++)
        {
            var batch = SigmaEvents.Of(("Own", "x"));
            batch.Attach(0, context);
            var sink = new RecordingSink();
            engine.Evaluate(batch.View(0), sink);
            counts.Add(sink.Matches.Count);
        }

        return counts;
    }

    /// <summary>A context that answers with the first values of an event's fields, until it is given another event.</summary>
    private sealed class Changing(EventBatch values) : EventContext
    {
        private EventBatch _values = values;
        private int _revision;

        public override int Revision => _revision;

        public void Change(EventBatch to)
        {
            _values = to;
            _revision++;
        }

        public override FieldValue Find(FieldId field)
        {
            foreach (ref readonly var entry in _values.View(0).Entries)
            {
                if (entry.Id == field && field != FieldId.Unnamed) return _values.View(0).ValueOf(entry);
            }

            return default;
        }

        public override string ToString() => Encoding.UTF8.GetString(_values.Arena);
    }
}
