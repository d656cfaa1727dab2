using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx;

/// <summary>Reads when an event happened; some events carry it as text.</summary>
internal static class EvtxTime
{
    private const int Longest = 40;

    /// <summary>Nanoseconds since 1970 UTC; 0 where it is no time.</summary>
    /// <param name="type">The value's type.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="text">What they are as text.</param>
    public static ulong Of(EvtxType type, ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) // hot
    {
        if (type == EvtxType.FileTime && value.Length >= 8) return ValueText.UnixNs(BinaryPrimitives.ReadInt64LittleEndian(value));
        Span<char> chars = stackalloc char[Longest];
        if (text.Length > Longest || !Encoding.UTF8.TryGetChars(text, chars, out var length)) return 0;
        return DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch
            ? (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100
            : 0;
    }
}
