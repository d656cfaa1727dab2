using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx;

/// <summary>
/// Makes the plan of a template: which fields its records have, under which ids, and where their values come from. Names are resolved
/// here and never per record.
/// </summary>
internal sealed class FieldPlanner(XmlStore store, BoundedList<FieldSlot> slots)
{
    private const int MaxPath = 512;

    private readonly byte[] _path = new byte[MaxPath];
    private readonly byte[] _name = new byte[MaxPath];
    private readonly int[] _ends = new int[XmlCompiler.MaxDepth + 1];
    private int _length;

    private static ReadOnlySpan<byte> TimePath => "Event.System.TimeCreated.#attributes.SystemTime"u8;

    /// <summary>Adds the slots of a compiled piece; false where there are too many.</summary>
    /// <param name="ops">Its steps in the store.</param>
    /// <param name="prefix">The path of the element that it stands in; empty for a record's root.</param>
    /// <param name="plan">Its slots.</param>
    public bool TryPlan(Range ops, ReadOnlySpan<byte> prefix, out Range plan)
    {
        var first = slots.Count;
        prefix.CopyTo(_path);
        _length = prefix.Length;
        var (at, count) = ops.GetOffsetAndLength(store.Ops.Count);
        var end = at + count;
        var depth = 0;
        var sound = true;
        while (at < end && sound)
        {
            var op = store.Ops[at];
            switch (op.Kind)
            {
                case XmlOpKind.Open:
                    _ends[depth++] = _length;
                    sound = Element(ref at, op);
                    break;
                case XmlOpKind.Close:
                    _length = _ends[--depth];
                    at++;
                    break;
                case XmlOpKind.Text or XmlOpKind.Value:
                    sound = Part(op, FieldSlotFlags.Among);
                    at++;
                    break;
                default:
                    at++;
                    break;
            }
        }

        plan = first..slots.Count;
        if (!sound) slots.CutTo(first);
        return sound;
    }

    /// <summary>
    /// Plans an element's attributes and, where no elements are in it, its content; stops at its end, or at its first content.
    /// </summary>
    private bool Element(ref int at, in XmlOp open)
    {
        var name = store.TextOf(open);
        var isData = name.SequenceEqual("Data"u8) && InContainer;
        var flags = isData ? FieldSlotFlags.Data : FieldSlotFlags.None;
        var body = at + 1;
        while (store.Ops[body].Kind != XmlOpKind.Body) body++;
        if (isData)
        {
            if (!DataName(at + 1, body, ref flags)) return false;
        }
        else
        {
            Append(name);
            if (!Attributes(at + 1, body, out var any)) return false;
            if (open.HasElements && any && !Add(new FieldSlot { Kind = FieldSlotKind.Parent })) return false;
        }

        at = body + 1;
        if (open.HasElements) return true;
        var close = at;
        while (store.Ops[close].Kind != XmlOpKind.Close) close++;
        var content = Parts(at, close, flags);
        at = close;
        return content;
    }

    /// <summary>A <c>Data</c> element has the name that its attribute gives it; its attributes say nothing else.</summary>
    private bool DataName(int at, int body, ref FieldSlotFlags flags)
    {
        while (at < body && !(store.Ops[at].Kind == XmlOpKind.Attribute && store.TextOf(store.Ops[at]).SequenceEqual("Name"u8))) at++;
        var first = at + 1;
        var count = 0;
        while (first + count < body && store.Ops[first + count].Kind != XmlOpKind.Attribute) count++;
        if (count == 1 && store.Ops[first] is { Kind: XmlOpKind.Value } value)
        {
            flags |= FieldSlotFlags.Named;
            Append("Data"u8);
            return Add(new FieldSlot { Kind = FieldSlotKind.Name, Value = value.Value });
        }

        var literal = count == 1 ? store.TextOf(store.Ops[first]) : default;
        if (!literal.IsEmpty)
        {
            Append(literal);
            return true;
        }

        Append("Data"u8);
        Append("#text"u8);
        return true;
    }

    private bool Attributes(int at, int body, out bool any)
    {
        any = false;
        while (at < body)
        {
            var op = store.Ops[at++];
            if (op.Kind != XmlOpKind.Attribute) continue;
            var first = at;
            while (at < body && store.Ops[at].Kind != XmlOpKind.Attribute) at++;
            var name = store.TextOf(op);

            // The namespace says nothing about the event, and keywords would find it in every one.
            if (name.SequenceEqual("xmlns"u8)) continue;
            var length = _length;
            Append("#attributes"u8);
            Append(name);
            var flags = FieldSlotFlags.Attribute | (_path.AsSpan(0, _length).SequenceEqual(TimePath) ? FieldSlotFlags.Time : 0);
            var sound = at == first || Parts(first, at, flags);
            _length = length;
            any = true;
            if (!sound) return false;
        }

        return true;
    }

    /// <summary>Plans what stands between two places, which are no elements.</summary>
    private bool Parts(int first, int end, FieldSlotFlags flags)
    {
        if (end - first == 1) return Part(store.Ops[first], flags);
        if ((flags & FieldSlotFlags.Attribute) == 0 && HoldsElements(first, end))
        {
            // Among values that are elements, others are what they are among elements.
            for (; first < end; first++)
            {
                if (!Part(store.Ops[first], FieldSlotFlags.Among)) return false;
            }

            return true;
        }

        return Add(Slot(end == first ? FieldSlotKind.Empty : FieldSlotKind.Joined, flags) with { Start = first, Length = end - first });
    }

    private bool HoldsElements(int first, int end)
    {
        for (; first < end; first++)
        {
            if (store.Ops[first] is { Kind: XmlOpKind.Value, Type: EvtxType.BinXml }) return true;
        }

        return false;
    }

    private bool Part(in XmlOp op, FieldSlotFlags flags)
    {
        if (op.Kind == XmlOpKind.Text)
        {
            var isBlank = (flags & FieldSlotFlags.Among) != 0 && store.TextOf(op).Trim(" \t\r\n"u8).IsEmpty;
            return isBlank || Add(Slot(FieldSlotKind.Literal, flags) with { Start = op.Start, Length = op.Length });
        }

        var slot = Slot(FieldSlotKind.Value, flags) with { Value = op.Value, Type = op.Type };
        if (op.Type == EvtxType.BinXml && !TryKeepPath(ref slot)) return false;
        return Add(slot);
    }

    private bool TryKeepPath(ref FieldSlot slot)
    {
        if (!store.Texts.TryReserve(_length, out var room)) return false;
        slot.PathStart = store.Texts.Count;
        slot.PathLength = _length;
        _path.AsSpan(0, _length).CopyTo(room);
        store.Texts.Take(_length);
        return true;
    }

    private FieldSlot Slot(FieldSlotKind kind, FieldSlotFlags flags)
    {
        var path = _path.AsSpan(0, _length);
        var id = FieldTable.Find(_name.AsSpan(0, EvtxNames.Write(path, _name)));
        var whole = FieldTable.Find(path);
        return id == FieldId.Unnamed
            ? new FieldSlot { Kind = kind, Flags = flags, Id = whole }
            : new FieldSlot { Kind = kind, Flags = flags, Id = id, Second = whole == id ? FieldId.Unnamed : whole };
    }

    /// <summary>Whether the path ends in an element that keeps the event's data.</summary>
    private bool InContainer
    {
        get
        {
            var path = _path.AsSpan(0, _length);
            var last = path[(path.LastIndexOf((byte)'.') + 1)..];
            return last.SequenceEqual("EventData"u8) || last.SequenceEqual("UserData"u8);
        }
    }

    /// <summary>A path that is too long is cut: no rule names it.</summary>
    private void Append(ReadOnlySpan<byte> name)
    {
        if (_length > 0 && _length < MaxPath) _path[_length++] = (byte)'.';
        var taken = Math.Min(name.Length, MaxPath - _length);
        name[..taken].CopyTo(_path.AsSpan(_length));
        _length += taken;
    }

    private bool Add(in FieldSlot slot) => slots.TryAdd(slot);
}
