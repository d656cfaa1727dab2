using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Hashes of what events bring, under a seed of this process: who writes events cannot choose values that fall together.
/// </summary>
internal static class SeededHash
{
    private const int Step = 16;

    private static readonly ulong Seed = Random();
    private static readonly ulong Factor = Random() | 1;
    private static readonly ulong Other = Random();

    /// <summary>The hash of <paramref name="bytes"/> at <paramref name="place"/>, whatever the caller means by it.</summary>
    public static ulong Of(int place, ReadOnlySpan<byte> bytes) // hot
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var left = bytes.Length;
        var hash = Mix(Seed ^ (uint)place, Factor ^ (uint)left);
        while (left > Step)
        {
            hash = Mix(Read(ref first, 0) ^ Other, Read(ref first, 8) ^ hash);
            first = ref Unsafe.Add(ref first, Step);
            left -= Step;
        }

        // The last bytes, read from both ends: what is read twice does no harm, the length is in the hash.
        ulong low = 0, high = 0;
        if (left >= 8)
        {
            low = Read(ref first, 0);
            high = Read(ref first, left - 8);
        }
        else if (left >= 4)
        {
            low = Unsafe.ReadUnaligned<uint>(ref first);
            high = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, left - 4));
        }
        else if (left > 0)
        {
            low = first | ((uint)Unsafe.Add(ref first, left >> 1) << 8) | ((uint)Unsafe.Add(ref first, left - 1) << 16);
        }

        return Mix(low ^ Other, high ^ hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte first, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at)); // hot

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong left, ulong right) // hot
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private static ulong Random() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));
}
