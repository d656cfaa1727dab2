using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Which literals hang on a key of a few bytes. A bit set says no for most keys of a text before the table is touched. Immutable.
/// </summary>
internal sealed class KeyTable
{
    private const uint Multiplier = 0x9E3779B1;

    /// <summary>Bits of the set per key: one key of a text in some fifty passes by chance.</summary>
    private const int BitsPerKey = 48;

    private readonly int _keyLength;
    private readonly ulong[] _mayBe;
    private readonly int _bitShift;
    private readonly Slot[] _slots;
    private readonly int _slotShift;
    private readonly KeyedLiteral[] _literals;

    /// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
    /// <param name="literals">The literals by their keys.</param>
    public KeyTable(int keyLength, IReadOnlyList<(uint Key, KeyedLiteral Literal)> literals)
    {
        _keyLength = keyLength;
        var keys = literals.Select(literal => literal.Key).Distinct().Count();
        var bits = Math.Clamp(BitOperations.Log2((uint)(keys * BitsPerKey)) + 1, 8, 18);
        _mayBe = new ulong[1 << (bits - 6)];
        _bitShift = 32 - bits;
        var slotBits = Math.Max(2, BitOperations.Log2((uint)keys) + 2);
        _slots = new Slot[1 << slotBits];
        _slotShift = 32 - slotBits;
        _literals = new KeyedLiteral[literals.Count];
        var at = 0;
        foreach (var group in literals.GroupBy(literal => literal.Key))
        {
            var hash = group.Key * Multiplier;
            _mayBe[hash >> _bitShift >> 6] |= 1UL << (int)((hash >> _bitShift) & 63);
            var slot = hash >> _slotShift;
            while (_slots[slot].Count > 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = new Slot(group.Key, at, group.Count());
            foreach (var (_, literal) in group) _literals[at++] = literal;
        }
    }

    /// <summary>Adds the literals of <paramref name="text"/> to <paramref name="hits"/>.</summary>
    public void Scan(ReadOnlySpan<byte> text, NumberSet hits) // hot
    {
        // Read without bounds: a key ends where the text does, and a bit's number has no more bits than the set was made for.
        ref var first = ref MemoryMarshal.GetReference(text);
        ref var bits = ref MemoryMarshal.GetArrayDataReference(_mayBe);
        var shift = _bitShift;
        var last = text.Length - _keyLength;
        switch (_keyLength)
        {
            case 4:
                for (nint at = 0; at <= last; at++)
                {
                    var key = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
                    if (IsSet(ref bits, (key * Multiplier) >> shift)) Verify(Of(key), text, (int)at, hits);
                }

                break;

            case 3:
                for (nint at = 0; at <= last; at++)
                {
                    var key = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref first, at)) | ((uint)Unsafe.Add(ref first, at + 2) << 16);
                    if (IsSet(ref bits, (key * Multiplier) >> shift)) Verify(Of(key), text, (int)at, hits);
                }

                break;

            default:
                for (nint at = 0; at <= last; at++)
                {
                    uint key = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref first, at));
                    if (IsSet(ref bits, (key * Multiplier) >> shift)) Verify(Of(key), text, (int)at, hits);
                }

                break;
        }
    }

    /// <summary>The literals of <paramref name="key"/>.</summary>
    public ReadOnlySpan<KeyedLiteral> Of(uint key) // hot
    {
        var slot = (key * Multiplier) >> _slotShift;
        while (true)
        {
            ref readonly var found = ref _slots[slot];
            if (found.Count == 0) return default;
            if (found.Key == key) return _literals.AsSpan(found.Start, found.Count);
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSet(ref ulong bits, uint bit) => (Unsafe.Add(ref bits, (nint)(bit >> 6)) >> (int)(bit & 63) & 1) != 0; // hot

    private static void Verify(ReadOnlySpan<KeyedLiteral> literals, ReadOnlySpan<byte> text, int at, NumberSet hits) // hot
    {
        foreach (ref readonly var literal in literals)
        {
            if (hits.Has(literal.Number)) continue;
            var start = at - literal.Offset;
            if (start < 0 || start > text.Length - literal.Bytes.Length) continue;
            if (text.Slice(start, literal.Bytes.Length).SequenceEqual(literal.Bytes)) hits.Add(literal.Number);
        }
    }

    private readonly record struct Slot(uint Key, int Start, int Count);
}
