using System.Runtime.CompilerServices;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Index;

/// <summary>What the rules of one route ask, field by field. Immutable, shared by all engines.</summary>
internal sealed class RoutePlan
{
    private const short None = -1;

    private readonly ulong[] _offered;
    private readonly ulong[] _always;
    private readonly FieldPlan[] _fields;
    private readonly short[] _placeOf;

    private RoutePlan(int number, ulong[] offered, ulong[] always, FieldPlan[] fields, int rules)
    {
        Number = number;
        Rules = rules;
        _offered = offered;
        _always = always;
        _fields = fields;
        _placeOf = new short[fields.Length == 0 ? 0 : fields.Max(field => field.Field.Value) + 1];
        Array.Fill(_placeOf, None);
        for (var i = 0; i < fields.Length; i++) _placeOf[fields[i].Field.Value] = (short)i;
        Keywords = PlaceOf(FieldId.Unnamed);
    }

    /// <summary>Which of its network's plans it is, from 0 in the order of their making.</summary>
    public int Number { get; }

    /// <summary>Rules that events of this route are offered to.</summary>
    public int Rules { get; }

    /// <summary>These rules, as a bit set.</summary>
    public ReadOnlySpan<ulong> Offered => _offered;

    /// <summary>Those of them that are candidates whatever the event holds.</summary>
    public ReadOnlySpan<ulong> Always => _always;

    /// <summary>The fields that are asked for.</summary>
    public ReadOnlySpan<FieldPlan> Fields => _fields;

    /// <summary>The place of the keywords among <see cref="Fields"/>; -1 when no rule has any.</summary>
    public int Keywords { get; }

    /// <summary>The place of a field among <see cref="Fields"/>; -1 when nothing is asked of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PlaceOf(FieldId field) => field.Value < _placeOf.Length ? _placeOf[field.Value] : None; // hot

    /// <summary>Builds the plan of <paramref name="route"/>.</summary>
    /// <param name="network">All rules; their places are their numbers in bit sets.</param>
    /// <param name="route">The event's route.</param>
    /// <param name="number">The plan's number.</param>
    public static RoutePlan Build(RuleNetwork network, EventRoute route, int number)
    {
        var rules = network.Programs.Length;
        var offered = new ulong[(rules + 63) / 64];
        var always = new ulong[offered.Length];
        var count = 0;
        var asked = new HashSet<int>();
        var deciding = new HashSet<int>();
        var builders = new SortedDictionary<ushort, FieldPlanBuilder>();
        for (var i = 0; i < rules; i++)
        {
            if (!Routing.Offers(route, network.SourceOf(i))) continue;
            count++;
            offered[i >> 6] |= 1UL << (i & 63);
            if (network.ClauseOf(i) is null) always[i >> 6] |= 1UL << (i & 63);
            deciding.UnionWith(DecidingKeywords(network, i));
            foreach (var step in network.Programs[i].Steps)
            {
                if (step.Kind != StepKind.Atom || !asked.Add(step.Number)) continue;
                var atom = network.Atoms[step.Number];
                if (!builders.TryGetValue(atom.Field.Value, out var builder))
                    builders[atom.Field.Value] = builder = new FieldPlanBuilder(atom.Field, network.Keep);
                builder.Add(step.Number, atom);
            }
        }

        return new RoutePlan(number, offered, always, [.. builders.Values.Select(builder => new FieldPlan(builder, deciding))], count);
    }

    /// <summary>
    /// The keywords of a rule of which none needs to be looked for when none of these is there: all of them, but where only keywords make
    /// the rule a candidate it is enough that they do not.
    /// </summary>
    private static IEnumerable<int> DecidingKeywords(RuleNetwork network, int rule)
    {
        if (network.ClauseOf(rule) is { } clause && clause.All(IsKeyword)) return clause;
        return network.Programs[rule].Steps.Where(step => step.Kind == StepKind.Atom).Select(step => step.Number).Where(IsKeyword);

        bool IsKeyword(int atom) => network.Atoms[atom].Field == FieldId.Unnamed;
    }
}
