using System.Numerics;

namespace Picket.Detection.Sigma.Literals;

/// <summary>Literals of two or three bytes: the key is the literal. Immutable.</summary>
internal sealed class ShortLiterals
{
    private const uint Multiplier = 0x9E3779B1;

    private readonly KeyFilter _filter;
    private readonly (uint Key, int Number)[] _slots;
    private readonly int _shift;

    /// <param name="length">Bytes of each: 2 or 3.</param>
    /// <param name="literals">Distinct, each with its number.</param>
    public ShortLiterals(int length, IReadOnlyList<(uint Key, int Number)> literals)
    {
        _filter = KeyFilter.Of(length, [.. literals.Select(literal => literal.Key)]);
        var bits = BitOperations.Log2((uint)literals.Count) + 2;
        _shift = 32 - bits;
        _slots = new (uint, int)[1 << bits];
        Array.Fill(_slots, (0u, -1));
        foreach (var literal in literals)
        {
            var slot = (literal.Key * Multiplier) >> _shift;
            while (_slots[slot].Number >= 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = literal;
        }
    }

    /// <summary>Adds the literals of <paramref name="text"/>.</summary>
    public void Scan(ReadOnlySpan<byte> text, LiteralHits hits) // hot
    {
        for (var block = 0; block <= text.Length - _filter.KeyLength; block += KeyFilter.Places)
        {
            for (var may = _filter.May(text, block); may != 0; may &= may - 1)
            {
                var at = block + BitOperations.TrailingZeroCount(may);
                var key = text[at] | ((uint)text[at + 1] << 8);
                if (_filter.KeyLength > 2) key |= (uint)text[at + 2] << 16;
                Add(key, hits);
            }
        }
    }

    private void Add(uint key, LiteralHits hits) // hot
    {
        var slot = (key * Multiplier) >> _shift;
        while (true)
        {
            ref readonly var found = ref _slots[slot];
            if (found.Number < 0) return;
            if (found.Key == key)
            {
                hits.Add(found.Number);
                return;
            }

            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }
    }
}
