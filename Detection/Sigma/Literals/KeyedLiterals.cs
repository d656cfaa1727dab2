using System.Numerics;

namespace Picket.Detection.Sigma.Literals;

/// <summary>Literals that lie anywhere in a text, each found by as many of its bytes as a key has. Immutable.</summary>
internal sealed class KeyedLiterals
{
    private readonly KeyFilter _filter;
    private readonly KeyTable _table;

    /// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
    /// <param name="literals">The literals by their keys.</param>
    public KeyedLiterals(int keyLength, IReadOnlyList<(uint Key, KeyedLiteral Literal)> literals)
    {
        _filter = KeyFilter.Of(keyLength, [.. literals.Select(literal => literal.Key).Distinct()]);
        _table = new KeyTable(literals);
    }

    /// <summary>Adds the literals of <paramref name="text"/>.</summary>
    public void Scan(ReadOnlySpan<byte> text, LiteralHits hits) // hot
    {
        for (var block = 0; block <= text.Length - _filter.KeyLength; block += KeyFilter.Places)
        {
            for (var may = _filter.May(text, block); may != 0; may &= may - 1)
            {
                var at = block + BitOperations.TrailingZeroCount(may);
                _table.Verify(KeyAt(text, at), text, at, hits);
            }
        }
    }

    private uint KeyAt(ReadOnlySpan<byte> text, int at) // hot
    {
        if (_filter.KeyLength == Grams.Length) return Grams.At(text, at);
        var key = text[at] | ((uint)text[at + 1] << 8);
        return _filter.KeyLength == 2 ? key : key | ((uint)text[at + 2] << 16);
    }
}
