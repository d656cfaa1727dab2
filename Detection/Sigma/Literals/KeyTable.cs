using System.Numerics;
using System.Text;

namespace Picket.Detection.Sigma.Literals;

/// <summary>Which literals hang on a key of two to four bytes. Immutable.</summary>
internal sealed class KeyTable
{
    private const uint Multiplier = 0x9E3779B1;

    private readonly Slot[] _slots;
    private readonly int _shift;
    private readonly Part[] _parts;
    private readonly byte[] _bytes;

    /// <param name="literals">The literals by their keys.</param>
    public KeyTable(IReadOnlyList<(uint Key, KeyedLiteral Literal)> literals)
    {
        var groups = literals.GroupBy(literal => literal.Key).ToList();
        var bits = Math.Max(2, BitOperations.Log2((uint)groups.Count) + 2);
        _slots = new Slot[1 << bits];
        _shift = 32 - bits;
        _parts = new Part[literals.Count];
        var bytes = new List<byte>();
        var at = 0;
        foreach (var group in groups)
        {
            var slot = (group.Key * Multiplier) >> _shift;
            while (_slots[slot].Count > 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = new Slot(group.Key, at, group.Count());
            foreach (var (_, literal) in group)
            {
                _parts[at++] = new Part(literal.Number, literal.Offset, bytes.Count, literal.Bytes.Length);
                bytes.AddRange(literal.Bytes);
            }
        }

        _bytes = [.. bytes];
    }

    /// <summary>Adds the literals whose key lies at <paramref name="at"/> and that <paramref name="text"/> has there.</summary>
    public void Verify(uint key, ReadOnlySpan<byte> text, int at, LiteralHits hits) // hot
    {
        foreach (ref readonly var part in Of(key))
        {
            if (hits.Has(part.Number)) continue;
            var start = at - part.Offset;
            if (start < 0 || start > text.Length - part.Length) continue;
            if (text.Slice(start, part.Length).SequenceEqual(_bytes.AsSpan(part.Start, part.Length))) hits.Add(part.Number);
        }
    }

    /// <summary>Whether a literal under <paramref name="key"/> lies in <paramref name="text"/>, which is ASCII or folded.</summary>
    public bool HasAnyCase(uint key, ReadOnlySpan<byte> text, int at) // hot
    {
        foreach (ref readonly var part in Of(key))
        {
            var start = at - part.Offset;
            if (start < 0 || start > text.Length - part.Length) continue;
            var there = text.Slice(start, part.Length);
            var literal = _bytes.AsSpan(part.Start, part.Length);
            if (there.SequenceEqual(literal) || Ascii.EqualsIgnoreCase(there, literal)) return true;
        }

        return false;
    }

    /// <summary>Adds the literals under <paramref name="key"/> that are the whole of <paramref name="text"/>.</summary>
    public void VerifyWhole(uint key, ReadOnlySpan<byte> text, LiteralHits hits) // hot
    {
        foreach (ref readonly var part in Of(key))
        {
            if (text.SequenceEqual(_bytes.AsSpan(part.Start, part.Length))) hits.Add(part.Number);
        }
    }

    private ReadOnlySpan<Part> Of(uint key) // hot
    {
        var slot = (key * Multiplier) >> _shift;
        while (true)
        {
            ref readonly var found = ref _slots[slot];
            if (found.Count == 0) return default;
            if (found.Key == key) return _parts.AsSpan(found.Start, found.Count);
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }
    }

    private readonly record struct Slot(uint Key, int Start, int Count);

    private readonly record struct Part(int Number, int Offset, int Start, int Length);
}
