using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// A bit set over keys of two to four bytes that says no for most places of a text before a table is touched; it may say yes where there is
/// nothing: a <see cref="KeyFilter"/> for any number of keys. Reads eight places at once where the processor can. Immutable.
/// </summary>
internal sealed class BitFilter : KeyFilter
{
    private const uint Multiplier = 0x9E3779B1;
    private const int Lanes = 8;

    /// <summary>Bits of the set per key: one key of a text in some fifty passes by chance.</summary>
    private const int BitsPerKey = 48;

    /// <summary>What is the difference between a letter and its upper case, in four bytes.</summary>
    private const uint Cases = 0x20202020;

    private readonly uint[] _bits;
    private readonly int _shift;
    private readonly uint _mask;
    private readonly uint _cases;

    /// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
    /// <param name="keys">The keys, little-endian.</param>
    /// <param name="anyCase">Whether a letter stands for its upper case too.</param>
    public BitFilter(int keyLength, IReadOnlyCollection<uint> keys, bool anyCase = false)
        : base(keyLength)
    {
        _mask = uint.MaxValue >> (32 - (8 * keyLength));
        _cases = anyCase ? Cases & _mask : 0;
        var bits = Math.Clamp(BitOperations.Log2((uint)(keys.Count * BitsPerKey)) + 1, 8, 18);
        _bits = new uint[1 << (bits - 5)];
        _shift = 32 - bits;
        foreach (var key in keys)
        {
            var bit = ((key | _cases) * Multiplier) >> _shift;
            _bits[bit >> 5] |= 1u << (int)(bit & 31);
        }
    }

    /// <inheritdoc/>
    public override ulong May(ReadOnlySpan<byte> text, int at) => Avx2.IsSupported ? MayAtOnce(text, at) : MayOneByOne(text, at); // hot

    /// <summary>The same without the processor's help: what the fast way is compared with.</summary>
    internal ulong MayOneByOne(ReadOnlySpan<byte> text, int at) // hot
    {
        ulong may = 0;
        var end = Math.Min(at + Places, text.Length - KeyLength + 1);
        for (var place = at; place < end; place++)
        {
            uint key = 0;
            for (var i = 0; i < KeyLength; i++) key |= (uint)text[place + i] << (8 * i);
            var bit = ((key | _cases) * Multiplier) >> _shift;
            may |= (ulong)(_bits[bit >> 5] >> (int)(bit & 31) & 1) << (place - at);
        }

        return may;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe ulong MayAtOnce(ReadOnlySpan<byte> text, int at) // hot
    {
        var places = Math.Min(Places, text.Length - at - KeyLength + 1);
        if (places <= 0) return 0;
        ulong may = 0;
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
        var left = text.Length - at;
        var spread = Vector256.Create(
            (byte)0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
        var (mask, multiplier, last) = (Vector256.Create(_mask), Vector256.Create(Multiplier), Vector256.Create(31u));
        var cases = Vector256.Create(_cases);
        var shift = _shift;
        fixed (uint* bits = _bits)
        {
            for (var place = 0; place < places; place += Lanes)
            {
                var bytes = left - place >= Vector128<byte>.Count
                    ? Unsafe.ReadUnaligned<Vector128<byte>>(ref Unsafe.Add(ref first, place))
                    : Rest(text[(at + place)..]);
                var keys = Avx2.Shuffle(Vector256.Create(bytes, bytes), spread).AsUInt32();
                var bit = (((keys & mask) | cases) * multiplier) >>> shift;

                // A bit's number has no more bits than the set was made for: the gather stays inside.
                var words = Avx2.GatherVector256(bits, (bit >>> 5).AsInt32(), sizeof(uint));
                var top = Avx2.ShiftLeftLogicalVariable(words, last - (bit & last));
                may |= (ulong)top.ExtractMostSignificantBits() << place;
            }
        }

        return places == Places ? may : may & ((1UL << places) - 1);
    }

    /// <summary>What is left of a text, and zeros.</summary>
    private static Vector128<byte> Rest(ReadOnlySpan<byte> text) // hot
    {
        ulong low = 0, high = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (i < 8) low |= (ulong)text[i] << (8 * i);
            else high |= (ulong)text[i] << (8 * (i - 8));
        }

        return Vector128.Create(low, high).AsByte();
    }
}
