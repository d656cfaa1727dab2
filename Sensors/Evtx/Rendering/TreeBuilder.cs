using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx.Rendering;

/// <summary>Builds the elements of one record. For alerts and tests: it allocates as it likes, within the bounds of one record.</summary>
internal sealed class TreeBuilder
{
    private readonly FragmentReader _fragments = new();
    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(ValueText.RoomFor(XmlLimits.LongestValue));
    private readonly List<EvtxElement> _open = [];
    private int _steps;
    private int _characters;

    /// <summary>The elements of a record; null where it is not sound.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">Where its binary XML begins.</param>
    /// <param name="end">Where that ends.</param>
    public List<EvtxElement>? Build(ReadOnlySpan<byte> chunk, int start, int end)
    {
        _fragments.Clear();
        _open.Clear();
        _steps = 0;
        _characters = 0;
        List<EvtxElement> roots = [];
        return Fragments(chunk, start, end, roots, 0) && roots.Count > 0 ? roots : null;
    }

    private bool Fragments(ReadOnlySpan<byte> chunk, int at, int end, List<EvtxElement> into, int depth)
    {
        if (depth == XmlLimits.MostNested) return false;
        while (_fragments.TryNext(chunk, ref at, end, out var piece))
        {
            if (!Run(chunk, piece, into, depth)) return false;
            _fragments.Values.CutTo(piece.FirstValue);
        }

        return _fragments.Fault.Message is null;
    }

    private bool Run(ReadOnlySpan<byte> chunk, XmlPiece piece, List<EvtxElement> into, int depth)
    {
        var store = _fragments.Definitions.Store;
        var (first, count) = _fragments.Definitions.OpsOf(piece.Definition).GetOffsetAndLength(store.Ops.Count);
        var outer = _open.Count;
        string? attribute = null;
        var said = new EvtxElement("");
        var inTag = false;
        for (var i = first; i < first + count; i++)
        {
            if (++_steps > XmlLimits.MostSteps || _characters > XmlLimits.MostText || _open.Count > XmlLimits.MostDepth) return false;
            var op = store.Ops[i];
            switch (op.Kind)
            {
                case XmlOpKind.Open:
                    _open.Add(new EvtxElement(Encoding.UTF8.GetString(store.TextOf(op))));
                    inTag = true;
                    break;
                case XmlOpKind.Attribute or XmlOpKind.Body:
                    AddAttribute(attribute, said);
                    attribute = op.Kind == XmlOpKind.Attribute ? Encoding.UTF8.GetString(store.TextOf(op)) : null;
                    said = new EvtxElement("");
                    inTag = op.Kind == XmlOpKind.Attribute;
                    break;
                case XmlOpKind.Close:
                    var closed = _open[^1];
                    _open.RemoveAt(_open.Count - 1);
                    (_open.Count > outer ? _open[^1].Elements : into).AddRange(closed.Settled());
                    break;
                case XmlOpKind.Text when inTag || _open.Count > outer:
                    var literal = Encoding.UTF8.GetString(store.TextOf(op));
                    _characters += literal.Length;
                    var isBlank = op.Kind == XmlOpKind.Text && !inTag && string.IsNullOrWhiteSpace(literal);
                    if (!isBlank) (inTag ? said : _open[^1]).Add(new EvtxText(literal, FieldKind.Text));
                    break;
                case XmlOpKind.Value when inTag || _open.Count > outer:
                    var value = op.Value < piece.ValueCount ? _fragments.Values[piece.FirstValue + op.Value] : default;
                    if (!Add(chunk, value, inTag ? said : _open[^1], inTag, depth)) return false;
                    break;
            }
        }

        return true;
    }

    private bool Add(ReadOnlySpan<byte> chunk, Substitution value, EvtxElement to, bool inTag, int depth)
    {
        var rest = chunk.Slice(value.Start, value.Length);
        if (value.Type == EvtxType.BinXml && !inTag)
            return rest.IsEmpty || Fragments(chunk, value.Start, value.Start + value.Length, to.Elements, depth + 1);
        if (!EvtxArray.IsArray(value.Type))
        {
            to.Add(TextOf(value.Type, rest));
            return true;
        }

        var item = EvtxArray.ItemOf(value.Type);
        List<EvtxText> items = [];
        while (!rest.IsEmpty)
        {
            items.Add(TextOf(item, EvtxArray.Next(item, value.Length, ref rest)));
            if (++_steps > XmlLimits.MostSteps || _characters > XmlLimits.MostText) return false;
        }

        if (items.Count > 0) to.Add(items);
        return true;
    }

    private EvtxText TextOf(EvtxType type, ReadOnlySpan<byte> value)
    {
        var length = ValueText.Write(type, value, _text, out var kind);
        _characters += length;
        return length == 0 ? EvtxText.None : new EvtxText(Encoding.UTF8.GetString(_text, 0, length), kind);
    }

    private void AddAttribute(string? name, EvtxElement said)
    {
        if (name is null) return;
        var settled = said.Settled().Select(each => each.Text).ToList();
        var value = EvtxElement.Joined(settled);
        if (value.Text.Length > 0) _open[^1].Attributes.Add((name, value));
    }
}
