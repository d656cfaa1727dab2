using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>The index over the rules of one route. Immutable, shared by all engines.</summary>
internal sealed class RoutePlan
{
    private readonly ulong[] _always;
    private readonly FieldId[] _fields;
    private readonly LiteralAutomaton[] _automata;
    private readonly LiteralAutomaton?[] _byField;

    private RoutePlan(int number, ulong[] always, FieldId[] fields, LiteralAutomaton[] automata, LiteralAutomaton? anyField, int rules)
    {
        Number = number;
        _always = always;
        _fields = fields;
        _automata = automata;
        AnyField = anyField;
        Rules = rules;
        _byField = new LiteralAutomaton?[fields.Length == 0 ? 0 : fields.Max(field => field.Value) + 1];
        for (var i = 0; i < fields.Length; i++) _byField[fields[i].Value] = automata[i];
    }

    /// <summary>Which of its network's plans it is, from 0 in the order of their making.</summary>
    public int Number { get; }

    /// <summary>Rules that events of this route are offered to.</summary>
    public int Rules { get; }

    /// <summary>The rules that are candidates whatever the event holds, as a bit set.</summary>
    public ReadOnlySpan<ulong> Always => _always;

    /// <summary>The fields that the index reads.</summary>
    public ReadOnlySpan<FieldId> Fields => _fields;

    /// <summary>The automaton of the field at the same place in <see cref="Fields"/>.</summary>
    public LiteralAutomaton Automaton(int index) => _automata[index]; // hot

    /// <summary>The automaton of a field; null when the index does not read it.</summary>
    public LiteralAutomaton? AutomatonOf(FieldId field) => field.Value < _byField.Length ? _byField[field.Value] : null; // hot

    /// <summary>The automaton of keywords; null when no rule has one.</summary>
    public LiteralAutomaton? AnyField { get; }

    /// <summary>Builds the plan of <paramref name="route"/>.</summary>
    /// <param name="rules">All rules; their places are their numbers in bit sets.</param>
    /// <param name="clauses">Each rule's clause, or null.</param>
    /// <param name="route">The event's route.</param>
    /// <param name="number">The plan's number.</param>
    public static RoutePlan Build(IReadOnlyList<CompiledRule> rules, IReadOnlyList<IndexLiteral>?[] clauses, EventRoute route, int number)
    {
        var always = new ulong[(rules.Count + 63) / 64];
        var builders = new SortedDictionary<ushort, LiteralAutomaton.Builder>();
        var offered = 0;
        for (var i = 0; i < rules.Count; i++)
        {
            if (!Routing.Offers(route, rules[i].Source)) continue;
            offered++;
            if (clauses[i] is not { } clause)
            {
                always[i >> 6] |= 1UL << (i & 63);
                continue;
            }

            foreach (var literal in clause)
            {
                if (!builders.TryGetValue(literal.Field.Value, out var builder))
                    builders[literal.Field.Value] = builder = new LiteralAutomaton.Builder();
                builder.Add(literal, i);
            }
        }

        LiteralAutomaton? anyField = null;
        var fields = new List<FieldId>();
        var automata = new List<LiteralAutomaton>();
        foreach (var (field, builder) in builders)
        {
            if (field == 0)
            {
                anyField = builder.Build();
                continue;
            }

            fields.Add(new FieldId(field));
            automata.Add(builder.Build());
        }

        return new RoutePlan(number, always, [.. fields], [.. automata], anyField, offered);
    }
}
