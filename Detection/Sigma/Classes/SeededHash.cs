using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Hashes of what events bring, under a seed of this process: who writes events cannot choose values that fall together.
/// </summary>
internal static class SeededHash
{
    private static readonly ulong Seed = Random();
    private static readonly ulong Factor = Random() | 1;

    /// <summary>The hash of <paramref name="bytes"/> at <paramref name="place"/>, whatever the caller means by it.</summary>
    public static ulong Of(int place, ReadOnlySpan<byte> bytes) // hot
    {
        var hash = Mix(Seed ^ (uint)place, Factor ^ (uint)bytes.Length);
        while (bytes.Length > 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Factor);
            bytes = bytes[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++) rest |= (ulong)bytes[i] << (i << 3);
        return Mix(hash ^ rest, Factor);
    }

    private static ulong Mix(ulong left, ulong right) // hot
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private static ulong Random() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
