using System.Runtime.CompilerServices;
using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Literals;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Says of each value of an event which class it is of: what the rules of the event's route could tell of it. Values that came before are
/// looked up, others read. Belongs to one engine.
/// </summary>
/// <param name="network">The rules.</param>
/// <param name="remembered">How many values are remembered at most.</param>
internal sealed class Classifier(RuleNetwork network, int remembered)
{
    private readonly ClassTable _classes = new(network);
    private readonly ValueMemo _values = new(remembered);
    private readonly ContextClasses _contexts = new();
    private readonly EventValues _value = new();
    private readonly LiteralHits _hits = new();
    private readonly NumberSet _marks = new();

    /// <summary>Goes up when all classes were forgotten; classes of two generations say nothing of each other.</summary>
    public int Generation { get; private set; }

    /// <summary>The atoms that mark values of a class.</summary>
    public ReadOnlySpan<int> MarksOf(int number) => _classes.MarksOf(number); // hot

    /// <summary>The rules that values of a class make candidates; a rule may be there several times.</summary>
    public ReadOnlySpan<int> RulesOf(int number) => _classes.RulesOf(number); // hot

    /// <summary>Sets <see cref="PlanState.Classes"/> for an event.</summary>
    public void Classify(PlanState state, in EventView view) // hot
    {
        if (_classes.IsFull) Forget();
        if (state.Generation != Generation) state.Renew(Generation, _classes);
        state.Begin();
        var plan = state.Plan;
        var entries = view.Entries;
        var keywords = plan.Keywords;
        if (keywords >= 0 && plan.Fields[keywords].Records is { } records && !MayHave(records, view)) keywords = -1;
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            var place = entry.Id == FieldId.Unnamed ? -1 : plan.PlaceOf(entry.Id);
            if (place >= 0) Join(state, place, ClassOf(state, place, view.ValueOf(entry)));
            if (keywords >= 0 && FieldKinds.HasText(entry.Kind)) Join(state, keywords, ClassOf(state, keywords, view.ValueOf(entry)));
        }

        if (view.Context is { } context) AddContext(state, view, context);
    }

    private bool MayHave(RecordFilter records, in EventView view) // hot
    {
        var all = AllOf(view.Entries, view.Batch);
        if (Ascii.IsValid(all)) return records.Has(all);
        foreach (ref readonly var entry in view.Entries)
        {
            var value = view.ValueOf(entry);
            _value.BeginValue();
            if (records.Has(Ascii.IsValid(value.Text) ? value.Text : new MatchValue(_value, 0, value).Folded)) return true;
        }

        return false;
    }

    /// <summary>The bytes of all values, with what may lie between them.</summary>
    private static ReadOnlySpan<byte> AllOf(ReadOnlySpan<FieldEntry> entries, EventBatch batch) // hot
    {
        int start = int.MaxValue, end = 0;
        foreach (ref readonly var entry in entries)
        {
            if (!FieldKinds.HasText(entry.Kind)) continue;
            start = Math.Min(start, entry.Start);
            end = Math.Max(end, entry.Start + entry.Length);
        }

        return start < end ? batch.Bytes(start, end - start) : default;
    }

    /// <summary>The first value of a field replaces its absence, further ones add to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Join(PlanState state, int place, int number) // hot
    {
        ref var known = ref state.Classes[place];
        if (state.Seen[place] != state.Event)
        {
            state.Seen[place] = state.Event;
            known = number;
        }
        else if (known != number)
        {
            known = Union(known, number);
        }
    }

    private int Union(int one, int other) // hot
    {
        if (one == ClassTable.Unmarked) return other;
        if (other == ClassTable.Unmarked) return one;
        _marks.Begin(network.Atoms.Length);
        foreach (var atom in _classes.MarksOf(one)) _marks.Add(atom);
        foreach (var atom in _classes.MarksOf(other)) _marks.Add(atom);
        return _classes.Of(_marks.Numbers);
    }

    private int ClassOf(PlanState state, int place, FieldValue value) // hot
    {
        if (!FieldKinds.HasText(value.Kind)) return value.Kind == FieldKind.Object ? state.ObjectAt(place) : state.NullAt(place);
        var text = value.Text;
        if (text.Length > ValueMemo.Longest || !state.Remembers(place)) return Read(state.Plan.Fields[place], value);
        var question = 1 + (state.Plan.Number << 16) + place;
        ref var last = ref state.LastAt(place);
        var known = _values.FindLast(question, text, last);
        if (known >= 0) return known;
        known = _values.Find(question, text, out var hash, ref last);
        state.Count(place, known >= 0);
        if (known >= 0) return known;
        known = Read(state.Plan.Fields[place], value);
        _values.Add(question, text, hash, known);
        return known;
    }

    private int Read(FieldPlan field, FieldValue value) // hot
    {
        _value.BeginValue();
        _marks.Begin(network.Atoms.Length);
        field.Mark(new MatchValue(_value, 0, value), _hits, _marks);
        return _classes.Of(_marks.Numbers);
    }

    /// <summary>What the context says where the record says nothing itself.</summary>
    private void AddContext(PlanState state, in EventView view, EventContext context) // hot
    {
        if (ContextClasses.Fits(view.Record.Kind) && _contexts.TryFind(state.Plan, context, Generation, out var classes, out var filled))
        {
            if (!filled)
            {
                for (var place = 0; place < classes.Length; place++) classes[place] = OfContext(state, place, view);
            }

            for (var place = 0; place < classes.Length; place++)
            {
                if (state.Seen[place] != state.Event) state.Classes[place] = classes[place];
            }

            return;
        }

        for (var place = 0; place < state.Classes.Length; place++)
        {
            if (state.Seen[place] != state.Event) state.Classes[place] = OfContext(state, place, view);
        }
    }

    private int OfContext(PlanState state, int place, in EventView view) // hot
    {
        // Keywords are asked of the record alone: a place that no entry has seen keeps what absence says.
        var field = state.Plan.Fields[place].Field;
        var value = field == FieldId.Unnamed ? default : view.OfContext(field);
        return value.IsPresent ? ClassOf(state, place, value) : state.Absent[place];
    }

    private void Forget()
    {
        _classes.Clear();
        _values.Clear();
        Generation++;
    }
}
