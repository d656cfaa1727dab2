using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Picket.Persister;

/// <summary>
/// An event of 200 bytes that says who it is: id, number, its place in its atomic write, and which run of the program made it, so that
/// an event that is written again after a kill is another one. The rest is filled from these, and so checks them.
/// </summary>
internal static class NumberedEvent
{
    public const int Size = 200;
    private const int Head = 12;

    public static byte[] Make(int run, int id, long sequenceNr, int place, int size)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, run);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)sequenceNr);
        bytes[8] = (byte)id;
        bytes[9] = (byte)place;
        bytes[10] = (byte)size;
        Fill(bytes);
        return bytes;
    }

    /// <summary>What a journal gave back, as a frame.</summary>
    /// <exception cref="InvalidDataException">It is not what <see cref="Make"/> made for this id and number.</exception>
    public static Frame Describe(Kind kind, byte[] bytes, int id, long sequenceNr)
    {
        var filled = (byte[])bytes.Clone();
        if (bytes.Length == Size) Fill(filled);
        if (bytes.Length != Size || !filled.AsSpan().SequenceEqual(bytes) || bytes[8] != id
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != sequenceNr)
        {
            throw new InvalidDataException($"event {sequenceNr} of {id} has the content {Convert.ToHexString(bytes)}");
        }

        return new Frame(kind, (byte)id, bytes[9], bytes[10], (uint)sequenceNr, SumOf(bytes));
    }

    /// <summary>The sum of a state that had <paramref name="sum"/> and saw one more event.</summary>
    public static ulong Chain(ulong state, ulong sum)
    {
        var mixed = (state ^ sum) * 0x9E3779B97F4A7C15;
        return mixed ^ mixed >> 29;
    }

    private static ulong SumOf(byte[] bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static void Fill(byte[] bytes)
    {
        var state = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) * 0xD1B54A32D192ED03;
        for (var at = Head; at + 8 <= bytes.Length; at += 8)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), mixed ^ mixed >> 27);
        }
    }
}
