namespace Picket.Hocon;

/// <summary>Keys with values, in the order of their first appearance.</summary>
public sealed class ConfigObject : ConfigValue
{
    // Changes only while the parser, or the merge, that made it still owns it.
    private readonly OrderedDictionary<string, ConfigField> _fields;
    private readonly bool _hidesFallback;
    private long _weight = 1;

    internal ConfigObject(ConfigOrigin origin, bool isResolved = false)
        : this(origin, new OrderedDictionary<string, ConfigField>(StringComparer.Ordinal), false) => IsResolved = isResolved;

    private ConfigObject(ConfigOrigin origin, OrderedDictionary<string, ConfigField> fields, bool hidesFallback)
        : base(origin)
    {
        _fields = fields;
        _hidesFallback = hidesFallback;
    }

    /// <inheritdoc/>
    public override ConfigValueKind Kind => ConfigValueKind.Object;

    /// <summary>How many keys there are.</summary>
    public int Count => _fields.Count;

    /// <summary>The keys, unescaped.</summary>
    public IReadOnlyList<string> Keys => _fields.Keys;

    /// <summary>The keys, unescaped, with their values, in the order of their first appearance.</summary>
    public IReadOnlyDictionary<string, ConfigValue> Items =>
        new OrderedDictionary<string, ConfigValue>(
            _fields.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value.Value)), StringComparer.Ordinal);

    /// <summary>Whether no substitution is left anywhere below, for certain.</summary>
    internal bool IsResolved { get; }

    internal override long Weight => _weight;

    internal override bool IsOpaque => _hidesFallback;

    internal OrderedDictionary<string, ConfigField> Members => _fields;

    /// <summary>The value directly under <paramref name="key"/> (one key, not a path).</summary>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ConfigValue? value)
    {
        var found = _fields.TryGetValue(key, out var field);
        value = field.Value;
        return found;
    }

    /// <summary>The value directly under <paramref name="key"/>; null where there is none.</summary>
    public ConfigValue? GetKey(string key) => TryGetValue(key, out var value) ? value : null;

    /// <summary>Adds a field that is not there yet; only for a resolved object that is being made.</summary>
    internal void AddResolved(string key, ConfigField field)
    {
        _fields[key] = field;
        _weight += key.Length + field.Value.Weight;
    }

    /// <summary>Sets a field over what the key held before, by the rules of duplicate keys.</summary>
    internal void Put(string key, ConfigField field)
    {
        _fields[key] = _fields.TryGetValue(key, out var under)
            ? new ConfigField(MergeRules.Over(under.Value, field.Value), field.KeyOrigin)
            : field;
    }

    /// <summary>
    /// The same fields, once a value that is no object has been overridden by them: what lies further below stays hidden.
    /// </summary>
    internal ConfigObject HidingFallback() => _hidesFallback ? this : new ConfigObject(Origin, _fields, true);

    /// <summary>A copy that can be merged into without touching this one.</summary>
    internal ConfigObject Copy()
    {
        var copy = new OrderedDictionary<string, ConfigField>(_fields.Count, StringComparer.Ordinal);
        foreach (var (key, field) in _fields) copy.Add(key, field with { Value = MergeRules.Copy(field.Value) });
        return new ConfigObject(Origin, copy, _hidesFallback);
    }
}
