using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Matching;

/// <summary>One value of an event as matchers see it: raw, folded or as characters, each made when first asked for.</summary>
internal readonly ref struct MatchValue
{
    private readonly EventValues _values;
    private readonly int _slot;

    public MatchValue(EventValues values, int slot, FieldValue value)
    {
        _values = values;
        _slot = slot;
        Kind = value.Kind;
        Raw = value.Text;
    }

    public FieldKind Kind { get; }

    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Whether there is a text to match: a null has none, and an object has others' fields.</summary>
    public bool HasText => FieldKinds.HasText(Kind); // hot

    public ReadOnlySpan<byte> Folded => _values.Fold(_slot, Raw);

    /// <summary>The address that the value is (see <see cref="CidrMatcher"/>); false when it is none.</summary>
    public bool TryAddress(out UInt128 address) => _values.TryAddress(_slot, Raw, out address); // hot

    public ReadOnlySpan<char> Chars => _values.Decode(_slot, Raw);
}
