using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>Which values an alert names, against a twin that goes through the rule as its author reads it.</summary>
public sealed class ExplanationSpec
{
    private static readonly string[] Values = ["a", "ab", "b", "xb", "A"];

    [Fact]
    public void The_values_that_made_a_rule_match_are_named_and_no_others()
    {
        var (matched, named) = (0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var selections = Enumerable.Range(0, 3).Select(i => RandomSelection(random, $"s{i}")).ToList();
            var condition = RandomCondition(random, 3);
            var text = string.Concat(selections.Select(selection => selection.Text)) + $"condition: {condition.Text}";
            var rule = Fires.Rule(text);
            var engine = SigmaEngine.Build([rule]);
            for (var round = 0; round < 8; round++)
            {
                var @event = Enumerable.Range(0, random.Next(1, 6))
                    .Select(_ => ("FGH"[random.Next(3)].ToString(), random.Next(6) == 0 ? null : Values[random.Next(Values.Length)])).ToArray();
                var expected = new HashSet<(string, string, string)>();
                var holds = condition.Node.Holds(selections, @event);
                if (holds) condition.Node.Name(selections, @event, expected);
                if (holds) matched++;
                named += expected.Count;

                var found = engine.Explain(rule, SigmaEvents.Of(@event).View(0)).Select(match => (match.Selection, match.Field, match.Value)).ToList();

                Assert.True(found.Count == expected.Count && expected.SetEquals(found),
                    $"{string.Join(", ", @event)}: {string.Join(", ", found)}, not {string.Join(", ", expected)}, of\n{text}");
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));
        Assert.True(matched > 2_000 && named > 3_000, $"{matched} matched, {named} values were named");
    }

    [Fact]
    public void A_rule_of_another_engine_has_no_reasons_here()
    {
        var (one, other) = (Fires.Item("F: a"), Fires.Item("F: a"));

        Assert.Single(SigmaEngine.Build([one]).Explain(one, SigmaEvents.Of(("F", "a")).View(0)));
        Assert.Empty(SigmaEngine.Build([one]).Explain(other, SigmaEvents.Of(("F", "a")).View(0)));
    }

    private static Selection RandomSelection(Random random, string name)
    {
        var text = new StringBuilder($"{name}:\n");
        var alternatives = new List<List<Item>>();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var items = new List<Item>();
            if (random.Next(5) == 0)
            {
                items.Add(new Item("keyword", "", [Values[random.Next(Values.Length)]]));
                text.Append($"    - {items[0].Wanted[0]}\n");
            }
            else
            {
                for (var more = random.Next(1, 3); more > 0; more--)
                {
                    var item = RandomItem(random, "FGH"[(random.Next(3) + items.Count) % 3].ToString());
                    if (items.Exists(known => known.Field == item.Field)) continue;
                    text.Append(items.Count == 0 ? "    - " : "      ").Append($"{item.Key}: {item.Text}\n");
                    items.Add(item);
                }
            }

            alternatives.Add(items);
        }

        return new Selection(name, text.ToString(), alternatives);
    }

    private static Item RandomItem(Random random, string field)
    {
        var kind = new[] { "", "", "|contains", "|contains|all", "[all]|contains", "|exists", "|fieldref", "null" }[random.Next(8)];
        if (kind == "null") return new Item(kind, field, []);
        if (kind == "|exists") return new Item(kind, field, [random.Next(2) == 0 ? "true" : "false"]);
        if (kind == "|fieldref") return new Item(kind, field, ["FGH"[random.Next(3)].ToString()]);
        return new Item(kind, field, [.. Enumerable.Range(0, kind.EndsWith("all", StringComparison.Ordinal) ? 2 : random.Next(1, 3)).Select(_ => Values[random.Next(4)]).Distinct()]) is var item
            && kind == "|contains|all" && item.Wanted.Length == 1 ? item with { Kind = "|contains" } : item;
    }

    private static (string Text, Node Node) RandomCondition(Random random, int depth)
    {
        var name = $"s{random.Next(3)}";
        switch (depth == 0 ? 0 : random.Next(6))
        {
            case 1:
                return ("2 of s*", new Node("some", "", []));
            case 2:
                var inner = RandomCondition(random, depth - 1);
                return ($"not ({inner.Text})", new Node("not", "", [inner.Node]));
            case 3 or 4:
                var (left, right) = (RandomCondition(random, depth - 1), RandomCondition(random, depth - 1));
                var kind = random.Next(2) == 0 ? "and" : "or";
                return ($"({left.Text}) {kind} ({right.Text})", new Node(kind, "", [left.Node, right.Node]));
            default:
                return (name, new Node("name", name, []));
        }
    }

    private sealed record Item(string Kind, string Field, string[] Wanted)
    {
        public string Key => Kind == "null" ? Field : $"'{Field}{Kind}'";

        public string Text => Kind is "null" ? "null" : Wanted.Length == 1 ? Wanted[0] : $"[{string.Join(", ", Wanted)}]";

        public bool Holds((string Field, string? Value)[] @event)
        {
            var own = Of(@event, Field);
            return Kind switch
            {
                "null" => own.Count == 0 || own.Contains(null),
                "|exists" => own.Count > 0 == (Wanted[0] == "true"),
                "|contains|all" => Array.TrueForAll(Wanted, wanted => own.Exists(value => Fits(value, wanted, @event))),
                "[all]|contains" => own.Count > 0 && own.TrueForAll(value => Array.Exists(Wanted, wanted => Fits(value, wanted, @event))),
                _ => own.Exists(value => Array.Exists(Wanted, wanted => Fits(value, wanted, @event))),
            };
        }

        public IEnumerable<(string, string)> Named((string Field, string? Value)[] @event)
        {
            if (Kind == "null") return [(Field, "null")];
            if (Kind == "|exists") return Wanted[0] == "true" ? Of(@event, Field).Select(value => (Field, value ?? "")) : [];
            return Of(@event, Field).Where(value => Array.Exists(Wanted, wanted => Fits(value, wanted, @event))).Select(value => (Field, value!));
        }

        private static List<string?> Of((string Field, string? Value)[] @event, string field) =>
            [.. @event.Where(pair => field.Length == 0 || pair.Field == field).Select(pair => pair.Value)];

        private bool Fits(string? value, string wanted, (string Field, string? Value)[] @event) => value is not null && Kind switch
        {
            "" => value.Equals(wanted, StringComparison.OrdinalIgnoreCase),
            "|fieldref" => Of(@event, wanted).Exists(other => value.Equals(other, StringComparison.OrdinalIgnoreCase)),
            _ => value.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        };
    }

    private sealed record Selection(string Name, string Text, List<List<Item>> Alternatives)
    {
        public bool Holds((string, string?)[] @event) => Alternatives.Exists(items => items.TrueForAll(item => item.Holds(@event)));

        public void AddTo((string, string?)[] @event, HashSet<(string, string, string)> named)
        {
            foreach (var items in Alternatives.Where(items => items.TrueForAll(item => item.Holds(@event))))
            {
                foreach (var (field, value) in items.SelectMany(item => item.Named(@event))) named.Add((Name, field, value));
            }
        }
    }

    private sealed record Node(string Kind, string Selection, Node[] Parts)
    {
        public bool Holds(List<Selection> all, (string, string?)[] @event) => Kind switch
        {
            "name" => all.Find(selection => selection.Name == Selection)!.Holds(@event),
            "some" => all.Count(selection => selection.Holds(@event)) >= 2,
            "not" => !Parts[0].Holds(all, @event),
            "and" => Array.TrueForAll(Parts, part => part.Holds(all, @event)),
            _ => Array.Exists(Parts, part => part.Holds(all, @event)),
        };

        public void Name(List<Selection> all, (string, string?)[] @event, HashSet<(string, string, string)> named)
        {
            if (Kind == "not" || !Holds(all, @event)) return;
            if (Kind is "name" or "some")
            {
                foreach (var selection in all.Where(selection => Kind == "some" || selection.Name == Selection)) selection.AddTo(@event, named);
            }

            foreach (var part in Parts) part.Name(all, @event, named);
        }
    }
}
