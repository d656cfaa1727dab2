using Picket.Detection.Events;

namespace Picket.Sensors.Evtx.Rendering;

/// <summary>An element of one record, with all values in their places.</summary>
internal sealed class EvtxElement(string name)
{
    private List<EvtxText>? _items;
    private bool _hasContent;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its attributes that say something.</summary>
    public List<(string Name, EvtxText Value)> Attributes { get; private init; } = [];

    /// <summary>The elements in it.</summary>
    public List<EvtxElement> Elements { get; private init; } = [];

    /// <summary>What it says itself.</summary>
    public EvtxText Text { get; private set; } = EvtxText.None;

    /// <summary>Whether it keeps the event's data, whose elements are called by their attribute.</summary>
    public bool IsContainer => name is "EventData" or "UserData";

    /// <summary>Its attribute of a name; empty where it has none.</summary>
    public string Attribute(string wanted) => Attributes.Find(attribute => attribute.Name == wanted).Value.Text ?? "";

    /// <summary>Adds to what it says.</summary>
    public void Add(EvtxText part)
    {
        if (part.Text.Length == 0) return;
        Settle();
        Text = _hasContent ? new EvtxText(Text.Text + part.Text, FieldKind.Text) : part;
        _hasContent = true;
    }

    /// <summary>Adds the values of an array. Where they are all that it says, it stands for as many elements.</summary>
    public void Add(List<EvtxText> items)
    {
        if (_hasContent || _items is not null) Add(Joined(items));
        else _items = items;
    }

    /// <summary>The elements that it stands for: one, or as many as its array has values.</summary>
    public IEnumerable<EvtxElement> Settled()
    {
        if (_items is not { Count: > 1 } items)
        {
            Settle();
            return [this];
        }

        return items.Select(item => new EvtxElement(name) { Attributes = Attributes, Elements = Elements, Text = item });
    }

    /// <summary>The values of an array with commas between them.</summary>
    public static EvtxText Joined(List<EvtxText> items) =>
        items.Count == 1 ? items[0] : new EvtxText(string.Join(',', items.Select(item => item.Text)), FieldKind.Text);

    private void Settle()
    {
        if (_items is not { } items) return;
        _items = null;
        Add(Joined(items));
    }
}
