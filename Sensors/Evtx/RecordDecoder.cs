using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx;

/// <summary>
/// Reads the fields of records: a template is planned when it is met first, and each of its records then costs its values only.
/// </summary>
internal sealed class RecordDecoder
{
    private const int MostSlots = 256 * 1024;
    private const int MostPlans = 8 * 1024;

    private readonly FragmentReader _fragments = new();
    private readonly BoundedList<FieldSlot> _slots = new(4 * 1024, MostSlots);
    private readonly BoundedList<FieldPlan> _plans = new(64, MostPlans);
    private readonly BoundedList<int> _firstPlans = new(64, MostPlans);
    private readonly FieldPlanner _planner;
    private int _steps;

    /// <summary>Makes one.</summary>
    public RecordDecoder() => _planner = new FieldPlanner(_fragments.Definitions.Store, _slots);

    /// <summary>The fields of the record read last.</summary>
    public FieldSink Fields { get; } = new();

    /// <summary>Why the last record could not be read.</summary>
    public XmlFault Fault { get; private set; }

    private XmlStore Store => _fragments.Definitions.Store;

    /// <summary>Forgets what was compiled, for another chunk.</summary>
    public void Clear()
    {
        _fragments.Clear();
        _slots.CutTo(0);
        _plans.CutTo(0);
        _firstPlans.CutTo(0);
    }

    /// <summary>Reads the fields of one record into <see cref="Fields"/>; false where it is not sound.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">Where its binary XML begins.</param>
    /// <param name="end">Where that ends.</param>
    public bool TryDecode(ReadOnlySpan<byte> chunk, int start, int end) // hot
    {
        Fields.Clear();
        Fault = default;
        _fragments.Values.CutTo(0);
        _steps = 0;
        var found = Fragments(chunk, start, end, default, 0, out var pieces);
        return found && (pieces > 0 || Fail("the record has no XML", start));
    }

    private bool Fragments(ReadOnlySpan<byte> chunk, int at, int end, ReadOnlySpan<byte> prefix, int depth, out int pieces) // hot
    {
        pieces = 0;
        if (depth == XmlLimits.MostNested) return Fail("templates are nested too deep", at);
        while (_fragments.TryNext(chunk, ref at, end, out var piece))
        {
            if (!_fragments.Definitions.IsEmpty(piece.Definition)) pieces++;
            var plan = Plan(piece.Definition, prefix);
            if (plan < 0) return Fail("the chunk has more fields than one can hold", at);
            if (!Run(chunk, _plans[plan].Slots, piece, depth)) return false;
            _fragments.Values.CutTo(piece.FirstValue);
        }

        if (_fragments.Fault.Message is null) return true;
        Fault = _fragments.Fault;
        return false;
    }

    private int Plan(int definition, ReadOnlySpan<byte> prefix) // hot
    {
        while (_firstPlans.Count <= definition)
        {
            if (!_firstPlans.TryAdd(-1)) return -1;
        }

        var texts = Store.Texts.Items;
        for (var plan = _firstPlans[definition]; plan >= 0; plan = _plans[plan].Next)
        {
            ref readonly var known = ref _plans[plan];
            if (texts.Slice(known.PrefixStart, known.PrefixLength).SequenceEqual(prefix)) return plan;
        }

        return MakePlan(definition, prefix);
    }

    private int MakePlan(int definition, ReadOnlySpan<byte> prefix)
    {
        if (!Store.Texts.TryReserve(prefix.Length, out var room)) return -1;
        var start = Store.Texts.Count;
        prefix.CopyTo(room);
        Store.Texts.Take(prefix.Length);
        if (!_planner.TryPlan(_fragments.Definitions.OpsOf(definition), prefix, out var slots)) return -1;
        if (!_plans.TryAdd(new FieldPlan(start, prefix.Length, slots, _firstPlans[definition]))) return -1;
        return _firstPlans[definition] = _plans.Count - 1;
    }

    private bool Run(ReadOnlySpan<byte> chunk, Range plan, in XmlPiece piece, int depth) // hot
    {
        var slots = _slots.Items[plan];
        _steps += slots.Length;
        if (_steps > XmlLimits.MostSteps) return Fail("the record repeats its templates without end", 0);
        var hasAttributes = false;
        var named = FieldId.Unnamed;
        foreach (ref readonly var slot in slots)
        {
            switch (slot.Kind)
            {
                case FieldSlotKind.Value:
                    if (!Value(chunk, slot, ValueOf(piece, slot.Value), named, ref hasAttributes, depth)) return false;
                    break;
                case FieldSlotKind.Literal:
                    if (!Fields.TryReserve(slot.Length)) return TooMuch();
                    var literal = Fields.Write(Store.Texts.Items.Slice(slot.Start, slot.Length));
                    Add(slot, named, FieldKind.Text, Fields.Length, literal, ref hasAttributes);
                    break;
                case FieldSlotKind.Empty:
                    if (!Fields.TryReserve(0)) return TooMuch();
                    Nothing(slot, named, ref hasAttributes);
                    break;
                case FieldSlotKind.Joined:
                    if (!Joined(chunk, slot, piece, named, ref hasAttributes)) return false;
                    break;
                case FieldSlotKind.Name:
                    if (!Name(chunk, ValueOf(piece, slot.Value), out named)) return TooMuch();
                    break;
                default:
                    hasAttributes = false;
                    break;
            }
        }

        return true;
    }

    private bool Value( // hot
        ReadOnlySpan<byte> chunk, in FieldSlot slot, Substitution value, FieldId named, ref bool hasAttributes, int depth)
    {
        var bytes = chunk.Slice(value.Start, value.Length);
        if (EvtxArray.IsArray(value.Type)) return Array(slot, value.Type, bytes, named, ref hasAttributes);
        if (value.Type == EvtxType.BinXml && value.Length > 0 && (slot.Flags & FieldSlotFlags.Attribute) == 0)
        {
            hasAttributes = false;
            var path = Store.Texts.Items.Slice(slot.PathStart, slot.PathLength);
            return Fragments(chunk, value.Start, value.Start + value.Length, path, depth + 1, out _);
        }

        if (!Fields.TryReserve(value.Length)) return TooMuch();
        var start = Fields.Length;
        var length = Fields.Write(value.Type, bytes, out var kind);
        if (length == 0)
        {
            Nothing(slot, named, ref hasAttributes);
            return true;
        }

        if ((slot.Flags & FieldSlotFlags.Time) != 0) Fields.TimeNs = EvtxTime.Of(value.Type, bytes, Fields.Written(length));
        Add(slot, named, kind, start, length, ref hasAttributes);
        return true;
    }

    /// <summary>Each value of an array is a value of the field.</summary>
    private bool Array(in FieldSlot slot, EvtxType type, ReadOnlySpan<byte> rest, FieldId named, ref bool hasAttributes) // hot
    {
        if (!Fields.TryReserve(0)) return TooMuch();
        if (rest.IsEmpty) Nothing(slot, named, ref hasAttributes);
        var item = EvtxArray.ItemOf(type);
        var attributes = hasAttributes;
        var whole = rest.Length;
        while (!rest.IsEmpty)
        {
            var value = EvtxArray.Next(item, whole, ref rest);
            if (!Fields.TryReserve(value.Length)) return TooMuch();
            var start = Fields.Length;
            var length = Fields.Write(item, value, out var kind);
            hasAttributes = attributes;
            if (length == 0) Nothing(slot, named, ref hasAttributes);
            else Add(slot, named, kind, start, length, ref hasAttributes);
        }

        return true;
    }

    private bool Joined(ReadOnlySpan<byte> chunk, in FieldSlot slot, in XmlPiece piece, FieldId named, ref bool hasAttributes) // hot
    {
        var start = Fields.Length;
        _steps += slot.Length;
        for (var i = 0; i < slot.Length; i++)
        {
            ref readonly var op = ref Store.Ops[slot.Start + i];
            if (!Fields.TryReserve(op.Length)) return TooMuch();
            if (op.Kind == XmlOpKind.Text) Fields.Keep(Fields.Write(Store.TextOf(op)));
            else if (!Join(chunk, ValueOf(piece, op.Value))) return false;
        }

        var length = Fields.Length - start;
        Fields.Keep(-length);
        if (length == 0) Nothing(slot, named, ref hasAttributes);
        else Add(slot, named, FieldKind.Text, start, length, ref hasAttributes);
        return true;
    }

    /// <summary>Appends a value to text; the values of an array with commas between them, elements not at all.</summary>
    private bool Join(ReadOnlySpan<byte> chunk, Substitution value) // hot
    {
        var rest = chunk.Slice(value.Start, value.Length);
        if (value.Type == EvtxType.BinXml) return true;
        if (!Fields.TryReserve(rest.Length)) return TooMuch();
        if (!EvtxArray.IsArray(value.Type))
        {
            Fields.Keep(Fields.Write(value.Type, rest, out _));
            return true;
        }

        var item = EvtxArray.ItemOf(value.Type);
        for (var first = true; !rest.IsEmpty; first = false)
        {
            if (!first) Fields.Keep(Fields.Write(","u8));
            Fields.Keep(Fields.Write(item, EvtxArray.Next(item, value.Length, ref rest), out _));
        }

        return true;
    }

    /// <summary>The field of a name that comes as a value.</summary>
    private bool Name(ReadOnlySpan<byte> chunk, Substitution value, out FieldId name) // hot
    {
        name = FieldId.Unnamed;
        if (!Fields.TryReserve(value.Length)) return false;
        var length = Fields.Write(value.Type, chunk.Slice(value.Start, value.Length), out _);
        name = length == 0 ? FieldTable.Find("Data"u8) : FieldTable.Find(Fields.Written(length));
        return true;
    }

    private void Add(in FieldSlot slot, FieldId named, FieldKind kind, int start, int length, ref bool hasAttributes) // hot
    {
        if ((slot.Flags & FieldSlotFlags.Named) != 0) Fields.Add(named, FieldId.Unnamed, kind, start, length);
        else Fields.Add(slot.Id, slot.Second, kind, start, length);
        hasAttributes = (slot.Flags & FieldSlotFlags.Attribute) != 0;
    }

    /// <summary>What says nothing: attributes and parts are left out, an element without attributes is null.</summary>
    private void Nothing(in FieldSlot slot, FieldId named, ref bool hasAttributes) // hot
    {
        if ((slot.Flags & FieldSlotFlags.Attribute) != 0) return;
        var kind = (slot.Flags & FieldSlotFlags.Data) != 0 ? FieldKind.Text : FieldKind.Null;
        if ((slot.Flags & FieldSlotFlags.Among) == 0 && !hasAttributes) Add(slot, named, kind, Fields.Length, 0, ref hasAttributes);
        hasAttributes = false;
    }

    private Substitution ValueOf(in XmlPiece piece, int value) => // hot
        value < piece.ValueCount ? _fragments.Values[piece.FirstValue + value] : default;

    private bool TooMuch() => Fail("the record's values take more room than a record can have", 0);

    private bool Fail(string message, int position)
    {
        Fault = new XmlFault(message, position);
        return false;
    }
}
