using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Picket.Detection.Events.Journal;

/// <summary>
/// One record on disk: its length, a CRC-32C, the payload, zeros up to a multiple of 8. The sum covers the record's address
/// too, so that a stale block, a frame copied elsewhere or a run of zeros is never taken for a record.
/// </summary>
internal static class JournalFrame
{
    internal const int HeaderSize = 8;

    /// <summary>Bytes on disk of a record with <paramref name="payload"/> bytes.</summary>
    internal static int SizeFor(int payload) => checked(HeaderSize + payload + 7) & ~7;

    /// <summary>Fills <paramref name="into"/>, of <see cref="SizeFor"/> bytes, with the record's frame.</summary>
    internal static void Write(Span<byte> into, long address, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], Sum(address, payload));
        payload.CopyTo(into[HeaderSize..]);
        into[(HeaderSize + payload.Length)..].Clear();
    }

    /// <summary>The payload's length that a frame's header gives; 0 when it cannot be one.</summary>
    internal static int Length(ReadOnlySpan<byte> header, int longest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length > 0 && length <= longest ? length : 0;
    }

    /// <summary>Whether the frame at the start of <paramref name="bytes"/>, whose length was read before, is whole.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> bytes, long address, int length) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Sum(address, bytes.Slice(HeaderSize, length));

    /// <summary>CRC-32C over the address, the length and the bytes.</summary>
    internal static uint Sum(long address, ReadOnlySpan<byte> payload)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, (ulong)address);
        sum = BitOperations.Crc32C(sum, (uint)payload.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        for (var i = 0; i < words.Length; i++) sum = BitOperations.Crc32C(sum, words[i]);
        var rest = payload[(words.Length * 8)..];
        for (var i = 0; i < rest.Length; i++) sum = BitOperations.Crc32C(sum, rest[i]);
        return ~sum;
    }
}
