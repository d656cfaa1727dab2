namespace Picket.Hocon;

/// <summary>A list of values.</summary>
public sealed class ConfigArray : ConfigValue
{
    // Grows only while the parser that made it still owns it.
    private readonly List<ConfigValue> _items;
    private long _weight;

    internal ConfigArray(ConfigOrigin origin, List<ConfigValue> items, bool isResolved = false)
        : base(origin)
    {
        _items = items;
        IsResolved = isResolved;
        _weight = 1;
        AddWeight(items);
    }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Array;

    /// <summary>The elements in their order.</summary>
    public IReadOnlyList<ConfigValue> Items => _items;

    /// <summary>Whether no substitution is left anywhere below, for certain.</summary>
    internal bool IsResolved { get; }

    internal override long Weight => _weight;

    internal override bool IsOpaque => true;

    internal void Append(IReadOnlyList<ConfigValue> more)
    {
        _items.AddRange(more);
        AddWeight(more);
    }

    internal ConfigArray Copy() => new(Origin, [.. _items]);

    private void AddWeight(IReadOnlyList<ConfigValue> items)
    {
        foreach (var item in items) _weight += item.Weight;
    }
}
