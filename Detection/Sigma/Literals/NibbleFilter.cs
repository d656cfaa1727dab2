using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// A <see cref="KeyFilter"/> for few keys: which of eight groups of keys a byte may belong to is looked up by its two halves, for 32 or 64
/// places at once. Immutable.
/// </summary>
internal sealed class NibbleFilter : KeyFilter
{
    /// <summary>With more keys the groups fill up and most places of a text would pass.</summary>
    public const int MostKeys = 48;

    private const int Groups = 8;
    private const int Half = Places / 2;
    private const int Room = 96;

    private readonly Vector512<byte>[] _low;
    private readonly Vector512<byte>[] _high;

    /// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
    /// <param name="keys">The keys, little-endian; <see cref="MostKeys"/> at most.</param>
    /// <param name="anyCase">Whether a letter stands for its upper case too.</param>
    public NibbleFilter(int keyLength, IReadOnlyCollection<uint> keys, bool anyCase = false)
        : base(keyLength)
    {
        _low = new Vector512<byte>[keyLength];
        _high = new Vector512<byte>[keyLength];
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];

        // Keys that begin alike share a group: then it lets few others pass.
        var sorted = keys.OrderBy(InReadingOrder).ToList();
        for (var place = 0; place < keyLength; place++)
        {
            low.Clear();
            high.Clear();
            for (var i = 0; i < sorted.Count; i++)
            {
                var group = (byte)(1 << (i * Groups / sorted.Count));
                var value = (byte)(sorted[i] >> (8 * place));
                low[value & 15] |= group;
                high[value >> 4] |= group;
                if (anyCase && value is >= (byte)'a' and <= (byte)'z') high[(value ^ 0x20) >> 4] |= group;
            }

            _low[place] = FourTimes(Vector128.Create<byte>(low));
            _high[place] = FourTimes(Vector128.Create<byte>(high));
        }
    }

    /// <inheritdoc/>
    public override ulong May(ReadOnlySpan<byte> text, int at) // hot
    {
        var places = Math.Min(Places, text.Length - at - KeyLength + 1);
        if (places <= 0) return 0;
        if (text.Length - at >= Places + KeyLength - 1) return Look(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at));
        Span<byte> rest = stackalloc byte[Room];
        rest.Clear();
        text[at..].CopyTo(rest);
        var may = Look(ref MemoryMarshal.GetReference(rest));
        return places == Places ? may : may & ((1UL << places) - 1);
    }

    private ulong Look(ref byte text) => // hot
        Avx512BW.IsSupported ? LookAtOnce(ref text) : Look(ref text, 0) | ((ulong)Look(ref text, Half) << Half);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong LookAtOnce(ref byte text) // hot
    {
        var groups = Vector512<byte>.AllBitsSet;
        var nibble = Vector512.Create((byte)15);
        for (var place = 0; place < _low.Length; place++)
        {
            var bytes = Unsafe.ReadUnaligned<Vector512<byte>>(ref Unsafe.Add(ref text, place));
            groups &= Avx512BW.Shuffle(_low[place], bytes & nibble)
                & Avx512BW.Shuffle(_high[place], (bytes.AsUInt16() >>> 4).AsByte() & nibble);
        }

        return ~Vector512.Equals(groups, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Look(ref byte text, int at) // hot
    {
        var groups = Vector256<byte>.AllBitsSet;
        var nibble = Vector256.Create((byte)15);
        for (var place = 0; place < _low.Length; place++)
        {
            var bytes = Unsafe.ReadUnaligned<Vector256<byte>>(ref Unsafe.Add(ref text, at + place));
            groups &= Lookup(_low[place].GetLower(), bytes & nibble)
                & Lookup(_high[place].GetLower(), (bytes.AsUInt16() >>> 4).AsByte() & nibble);
        }

        return ~Vector256.Equals(groups, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Lookup(Vector256<byte> table, Vector256<byte> indexes) => // hot
        Avx2.IsSupported
            ? Avx2.Shuffle(table, indexes)
            : Vector256.Create(
                Vector128.Shuffle(table.GetLower(), indexes.GetLower()), Vector128.Shuffle(table.GetUpper(), indexes.GetUpper()));

    private static Vector512<byte> FourTimes(Vector128<byte> table)
    {
        var twice = Vector256.Create(table, table);
        return Vector512.Create(twice, twice);
    }

    private static uint InReadingOrder(uint key) => BinaryPrimitives.ReverseEndianness(key);
}
