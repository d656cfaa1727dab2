using System.Numerics;
using System.Text;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Whether any of a few literals lies in a record, all of whose values are looked at in one go and as they are, without being folded.
/// Keywords are asked of every value of an event and hardly ever there. Immutable.
/// </summary>
internal sealed class RecordFilter
{
    private readonly NibbleFilter _filter;
    private readonly KeyTable _table;

    private RecordFilter(uint[] keys, IReadOnlyList<(uint Key, KeyedLiteral Literal)> literals)
    {
        _filter = new NibbleFilter(Grams.Length, keys, anyCase: true);
        _table = new KeyTable(literals);
    }

    /// <summary>A filter for folded literals; null when they are too many or too short for one.</summary>
    public static RecordFilter? Of(IReadOnlyCollection<byte[]> literals)
    {
        // A text of ASCII has no literal that is not: whatever else a text is, the filter lets it pass.
        var some = literals.Where(literal => Ascii.IsValid(literal)).Select((bytes, number) => (number, bytes)).ToList();
        if (some.Exists(literal => literal.bytes.Length < Grams.Length)) return null;
        var keyed = Grams.Rarest(some);
        uint[] keys = [.. keyed.Select(gram => gram.Key).Distinct()];
        return keys.Length is 0 or > NibbleFilter.MostKeys ? null : new RecordFilter(keys, keyed);
    }

    /// <summary>False when none of the literals lies in <paramref name="text"/>, folded or not.</summary>
    public bool MayHave(ReadOnlySpan<byte> text) // hot
    {
        if (!Ascii.IsValid(text)) return true;
        for (var block = 0; block <= text.Length - Grams.Length; block += KeyFilter.Places)
        {
            for (var may = _filter.May(text, block); may != 0; may &= may - 1)
            {
                var at = block + BitOperations.TrailingZeroCount(may);
                if (_table.HasAnyCase(Lower(Grams.At(text, at)), text, at)) return true;
            }
        }

        return false;
    }

    /// <summary>The lower case of four ASCII characters.</summary>
    private static uint Lower(uint characters) // hot
    {
        // The top bit of a byte says that it is at least 'A', or more than 'Z'.
        var fromA = characters + 0x3F3F3F3F;
        var beyondZ = characters + 0x25252525;
        return characters | (((fromA & ~beyondZ) & 0x80808080) >> 2);
    }
}
