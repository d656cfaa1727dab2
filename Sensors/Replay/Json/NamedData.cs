using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// An element of a Windows event that says its field's name as a value, as XML that was turned into JSON does:
/// <c>{"@Name": "User", "#text": "bob"}</c>, in either order. Belongs to one reader.
/// </summary>
internal sealed class NamedData
{
    private static readonly FieldId Unnamed = FieldTable.Intern("Data");
    private static readonly FieldId Nameless = FieldTable.Intern("Data.Name");

    private int _depth;
    private Value? _name;
    private Value? _text;

    /// <summary>Begins an element.</summary>
    /// <param name="depth">How deep its object is.</param>
    public void Begin(int depth)
    {
        _depth = depth;
        _name = _text = null;
    }

    /// <summary>Takes a value of the element; false for one that is deeper in it, such as one of a list.</summary>
    public bool TryTake(EventBatch batch, FieldPath.DataPart part, Value value, int depth)
    {
        if (depth != _depth + 1) return false;
        if (part == FieldPath.DataPart.Name) _name = value;
        else _text = value;
        if (_name is not { } name || _text is not { } text) return true;
        Add(batch, FieldTable.Find(batch.Bytes(name.Start, name.Length)), text);
        return true;
    }

    /// <summary>Ends the element: what it has alone keeps the name that it has by its place.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="depth">How deep the object is that ends.</param>
    public void End(EventBatch batch, int depth)
    {
        if (depth != _depth) return;
        if (_name is null && _text is { } text) Add(batch, Unnamed, text);
        if (_text is null && _name is { } name) Add(batch, Nameless, name);
        _name = _text = null;
    }

    private static void Add(EventBatch batch, FieldId id, Value value) => batch.AddField(id, value.Kind, value.Start, value.Length);

    /// <summary>A value that was read.</summary>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Start">Where its bytes lie in the arena.</param>
    /// <param name="Length">How many.</param>
    internal readonly record struct Value(FieldKind Kind, int Start, int Length);
}
