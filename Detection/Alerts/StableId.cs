using System.Buffers.Binary;
using System.Globalization;

namespace Picket.Detection.Alerts;

/// <summary>An id made from what it names, so that the same events always give the same id: the first half of a SHA-256.</summary>
/// <param name="Value">The 128 bits.</param>
public readonly record struct StableId(UInt128 Value)
{
    /// <summary>Bytes of the binary form.</summary>
    public const int Size = 16;

    /// <summary>Reads the binary form, or the first half of a hash.</summary>
    public static StableId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Reads 32 hexadecimal digits; false when they are not.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Digits, out StableId id)
    {
        var parsed = UInt128.TryParse(utf8Digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new StableId(value);
        return parsed && utf8Digits.Length == 32;
    }

    /// <summary>Writes the binary form, 16 bytes.</summary>
    public void Write(Span<byte> into) => BinaryPrimitives.WriteUInt128BigEndian(into, Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
