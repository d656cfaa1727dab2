using System.Buffers.Binary;
using System.Text;

namespace Picket.Actors.Persistence.Serialization;

/// <summary>The types that need no adding. Numbers are little-endian, text is UTF-8; the forms are frozen.</summary>
internal static class BuiltInSerializers
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static EventSerializers AddTo(EventSerializers serializers) => serializers
        .Add("string", Strict.GetBytes, bytes => Strict.GetString(bytes.Span))
        .Add<byte[]>("bytes", bytes => bytes, bytes => bytes.ToArray())
        .Add<bool>("bool", value => [value ? (byte)1 : (byte)0], bytes => Exactly(bytes, 1)[0] != 0)
        .Add("int", Little32, bytes => BinaryPrimitives.ReadInt32LittleEndian(Exactly(bytes, 4)))
        .Add("long", Little64, bytes => BinaryPrimitives.ReadInt64LittleEndian(Exactly(bytes, 8)))
        .Add<double>("double", value => Little64(BitConverter.DoubleToInt64Bits(value)),
            bytes => BinaryPrimitives.ReadDoubleLittleEndian(Exactly(bytes, 8)))
        .Add("guid", value => value.ToByteArray(), bytes => new Guid(Exactly(bytes, 16)))
        .Add("time", Time, Time);

    private static byte[] Little32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>Ticks of the local time, then minutes that it is ahead of UTC.</summary>
    private static byte[] Time(DateTimeOffset value)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(8), (short)value.TotalOffsetMinutes);
        return bytes;
    }

    private static DateTimeOffset Time(ReadOnlyMemory<byte> memory)
    {
        var bytes = Exactly(memory, 10);
        return new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes),
            TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[8..])));
    }

    private static ReadOnlySpan<byte> Exactly(ReadOnlyMemory<byte> bytes, int length) =>
        bytes.Length == length ? bytes.Span : throw new EventSerializationException($"{bytes.Length} bytes where {length} are needed");
}
