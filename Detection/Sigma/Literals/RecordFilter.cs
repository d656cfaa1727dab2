using System.Numerics;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Whether any of some literals lies in a record, all of whose values are looked at in one go and as they are where they are ASCII.
/// Keywords are asked of every value of an event and hardly ever there. Immutable.
/// </summary>
internal sealed class RecordFilter
{
    private readonly KeyFilter _filter;
    private readonly KeyTable _table;

    private RecordFilter(IReadOnlyList<(uint Key, KeyedLiteral Literal)> literals)
    {
        _filter = KeyFilter.Of(Grams.Length, [.. literals.Select(literal => literal.Key).Distinct()], anyCase: true);
        _table = new KeyTable(literals);
    }

    /// <summary>A filter for folded literals; null when there are none, or one is too short.</summary>
    public static RecordFilter? Of(IReadOnlyCollection<byte[]> literals)
    {
        if (literals.Count == 0 || literals.Any(literal => literal.Length < Grams.Length)) return null;
        return new RecordFilter(Grams.Rarest([.. literals.Select((bytes, number) => (number, bytes))]));
    }

    /// <summary>Whether one of the literals lies in <paramref name="text"/>, which is all ASCII or folded.</summary>
    public bool Has(ReadOnlySpan<byte> text) // hot
    {
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

    /// <summary>The lower case of those of four bytes that are letters of ASCII.</summary>
    private static uint Lower(uint bytes) // hot
    {
        // The top bit of a byte says that its other seven are at least 'A', or more than 'Z'; no byte carries over into the next.
        var sevenths = bytes & 0x7F7F7F7F;
        var fromA = sevenths + 0x3F3F3F3F;
        var beyondZ = sevenths + 0x25252525;
        return bytes | ((fromA & ~beyondZ & ~bytes & 0x80808080) >> 2);
    }
}
