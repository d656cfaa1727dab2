using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Picket.Detection.Events;

namespace Picket.Sensors.Evtx.BinXml;

/// <summary>
/// Writes values as text, in the form that others give them: numbers in digits, GUIDs without braces, times with six digits behind
/// the point, hexadecimal ones with 0x, bytes as hexadecimal digits.
/// </summary>
internal static class ValueText
{
    /// <summary>Room that any value of a length needs.</summary>
    public static int RoomFor(int length) => (5 * length) + 64; // hot

    private const long TicksTo1601 = 504_911_232_000_000_000;

    private static ReadOnlySpan<byte> UpperDigits => "0123456789ABCDEF"u8;

    private static ReadOnlySpan<byte> LowerDigits => "0123456789abcdef"u8;

    /// <summary>The order in which a GUID's bytes are written.</summary>
    private static ReadOnlySpan<byte> GuidOrder => [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>What Windows-1252 has at 0x80 to 0x9F; 0 where it has nothing.</summary>
    private static ReadOnlySpan<ushort> Windows1252 =>
    [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ];

    /// <summary>Writes one value, which is no array and no binary XML; returns the length, 0 for one that is empty.</summary>
    /// <param name="type">Its type; one that is not known is written as bytes.</param>
    /// <param name="value">Its bytes, which may be too few or too many for the type.</param>
    /// <param name="room">Where to, with <see cref="RoomFor"/> bytes at least.</param>
    /// <param name="kind">Whether it is a number, a truth value or a text.</param>
    public static int Write(EvtxType type, ReadOnlySpan<byte> value, Span<byte> room, out FieldKind kind) // hot
    {
        kind = FieldKind.Text;
        if (value.IsEmpty) return 0;
        switch (type)
        {
            case EvtxType.Null:
                return 0;
            case EvtxType.Text or EvtxType.Xml:
                return WriteUtf16(value, room);
            case EvtxType.AnsiText:
                return WriteAnsi(value, room);
            case EvtxType.Int8 or EvtxType.Int16 or EvtxType.Int32 or EvtxType.Int64:
                kind = FieldKind.Number;
                Utf8Formatter.TryFormat(Signed(value, 1 << (((int)type - (int)EvtxType.Int8) / 2)), room, out var signed);
                return signed;
            case EvtxType.UInt8 or EvtxType.UInt16 or EvtxType.UInt32 or EvtxType.UInt64:
                kind = FieldKind.Number;
                Utf8Formatter.TryFormat(Low(value, 1 << (((int)type - (int)EvtxType.UInt8) / 2)), room, out var unsigned);
                return unsigned;
            case EvtxType.Real32 when value.Length >= 4:
                return WriteReal(BinaryPrimitives.ReadSingleLittleEndian(value), room, out kind);
            case EvtxType.Real64 when value.Length >= 8:
                return WriteReal(BinaryPrimitives.ReadDoubleLittleEndian(value), room, out kind);
            case EvtxType.Bool:
                kind = FieldKind.Boolean;
                var truth = value.ContainsAnyExcept((byte)0) ? "true"u8 : "false"u8;
                truth.CopyTo(room);
                return truth.Length;
            case EvtxType.Guid when value.Length == 16:
                return WriteGuid(value, room);
            case EvtxType.HexInt32:
                return WriteHex(Low(value, 4), room);
            case EvtxType.Size or EvtxType.HexInt64 or EvtxType.Handle:
                return WriteHex(Low(value, 8), room);
            case EvtxType.FileTime when value.Length >= 8:
                return WriteFileTime(BinaryPrimitives.ReadInt64LittleEndian(value), room);
            case EvtxType.SystemTime when value.Length >= 16:
                return WriteSystemTime(value, room);
            case EvtxType.Sid when value.Length >= 8:
                return WriteSid(value, room);
            default:
                return WriteBytes(value, room);
        }
    }

    /// <summary>Writes UTF-16 up to its first NUL; what is no text becomes U+FFFD.</summary>
    public static int WriteUtf16(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        var text = MemoryMarshal.Cast<byte, char>(value);
        var end = text.IndexOf('\0');
        if (end >= 0) text = text[..end];
        Utf8.FromUtf16(text, room, out _, out var written);
        return written;
    }

    /// <summary>The nanoseconds since 1970 of 100 ns since 1601; 0 for those before.</summary>
    public static ulong UnixNs(long fileTime) // hot
    {
        const long To1970 = 116_444_736_000_000_000;
        return fileTime > To1970 ? (ulong)(fileTime - To1970) * 100 : 0;
    }

    private static int WriteAnsi(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        var end = value.IndexOf((byte)0);
        if (end >= 0) value = value[..end];
        var at = 0;
        foreach (var each in value)
        {
            var code = each is >= 0x80 and <= 0x9F && Windows1252[each - 0x80] is var known and not 0 ? known : each;
            at += new Rune(code).EncodeToUtf8(room[at..]);
        }

        return at;
    }

    /// <summary>The first bytes of a value, at most <paramref name="width"/>, as a number.</summary>
    private static ulong Low(ReadOnlySpan<byte> value, int width) // hot
    {
        if (width == 8 && value.Length >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(value);
        if (width == 4 && value.Length >= 4) return BinaryPrimitives.ReadUInt32LittleEndian(value);
        if (width == 2 && value.Length >= 2) return BinaryPrimitives.ReadUInt16LittleEndian(value);
        var number = 0UL;
        for (var i = Math.Min(width, value.Length) - 1; i >= 0; i--) number = (number << 8) | value[i];
        return number;
    }

    private static long Signed(ReadOnlySpan<byte> value, int width) // hot
    {
        var unused = 64 - (8 * Math.Min(width, value.Length));
        return (long)(Low(value, width) << unused) >> unused;
    }

    private static int WriteReal(double number, Span<byte> room, out FieldKind kind) // hot
    {
        kind = double.IsFinite(number) ? FieldKind.Number : FieldKind.Text;
        number.TryFormat(room, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int WriteReal(float number, Span<byte> room, out FieldKind kind) // hot
    {
        kind = float.IsFinite(number) ? FieldKind.Number : FieldKind.Text;
        number.TryFormat(room, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int WriteHex(ulong number, Span<byte> room) // hot
    {
        var digits = Math.Max(1, (67 - System.Numerics.BitOperations.LeadingZeroCount(number)) / 4);
        room[0] = (byte)'0';
        room[1] = (byte)'x';
        for (var i = digits + 1; i > 1; i--)
        {
            room[i] = LowerDigits[(int)(number & 15)];
            number >>= 4;
        }

        return digits + 2;
    }

    private static int WriteBytes(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        for (var i = 0; i < value.Length; i++)
        {
            room[(2 * i) + 1] = UpperDigits[value[i] & 15];
            room[2 * i] = UpperDigits[value[i] >> 4];
        }

        return 2 * value.Length;
    }

    private static int WriteGuid(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        var at = 0;
        for (var i = 0; i < 16; i++)
        {
            if (i is 4 or 6 or 8 or 10) room[at++] = (byte)'-';
            var each = value[GuidOrder[i]];
            room[at++] = UpperDigits[each >> 4];
            room[at++] = UpperDigits[each & 15];
        }

        return at;
    }

    private static int WriteFileTime(long fileTime, Span<byte> room) // hot
    {
        if (fileTime < 0 || fileTime > DateTime.MaxValue.Ticks - TicksTo1601)
        {
            Utf8Formatter.TryFormat(fileTime, room, out var digits);
            return digits;
        }

        var time = new DateTime(fileTime + TicksTo1601);
        time.Deconstruct(out var year, out int month, out var day);
        var ofDay = (fileTime % TimeSpan.TicksPerDay) / 10;
        var seconds = (int)(ofDay / 1_000_000);
        return WriteTime(year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60, (int)(ofDay % 1_000_000), room);
    }

    private static int WriteSystemTime(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        var parts = MemoryMarshal.Cast<byte, ushort>(value);
        var isTime = parts[0] <= 9999 && parts[1] <= 12 && parts[3] <= 31
            && parts[4] <= 24 && parts[5] <= 60 && parts[6] <= 60 && parts[7] < 1000;
        return isTime
            ? WriteTime(parts[0], parts[1], parts[3], parts[4], parts[5], parts[6], parts[7] * 1000, room)
            : WriteBytes(value[..16], room);
    }

    private static int WriteTime(int year, int month, int day, int hour, int minute, int second, int micros, Span<byte> room) // hot
    {
        "0000-00-00T00:00:00.000000Z"u8.CopyTo(room);
        Digits(room, 3, year);
        Digits(room, 6, month);
        Digits(room, 9, day);
        Digits(room, 12, hour);
        Digits(room, 15, minute);
        Digits(room, 18, second);
        Digits(room, 25, micros);
        return 27;
    }

    /// <summary>Adds a number's digits to the zeros before and at <paramref name="last"/>.</summary>
    private static void Digits(Span<byte> room, int last, int number) // hot
    {
        for (; number > 0; number /= 10) room[last--] += (byte)(number % 10);
    }

    private static int WriteSid(ReadOnlySpan<byte> value, Span<byte> room) // hot
    {
        "S-"u8.CopyTo(room);
        Utf8Formatter.TryFormat(value[0], room[2..], out var written);
        var at = 2 + written;
        room[at++] = (byte)'-';
        var authority = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(value[2..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        Utf8Formatter.TryFormat(authority, room[at..], out written);
        at += written;
        var count = Math.Min(value[1], (value.Length - 8) / 4);
        for (var i = 0; i < count; i++)
        {
            room[at++] = (byte)'-';
            Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(value[(8 + (4 * i))..]), room[at..], out written);
            at += written;
        }

        return at;
    }
}
