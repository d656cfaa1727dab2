using System.Runtime.InteropServices;

namespace Picket.Sensors.Evtx.BinXml;

/// <summary>Takes the values of an array apart.</summary>
internal static class EvtxArray
{
    /// <summary>Whether a type is that of an array.</summary>
    public static bool IsArray(EvtxType type) => (type & EvtxType.Array) != 0; // hot

    /// <summary>The type of an array's items.</summary>
    public static EvtxType ItemOf(EvtxType type) => type & ~EvtxType.Array; // hot

    /// <summary>Takes the next item off <paramref name="rest"/>, which is not empty; each call takes at least one byte.</summary>
    /// <param name="item">The type of the items.</param>
    /// <param name="whole">The bytes of the whole array, which tell how wide sizes are in it.</param>
    /// <param name="rest">What is left of the array.</param>
    public static ReadOnlySpan<byte> Next(EvtxType item, int whole, ref ReadOnlySpan<byte> rest) // hot
    {
        var (length, taken) = item switch
        {
            EvtxType.Text or EvtxType.Xml => Terminated(MemoryMarshal.Cast<byte, char>(rest).IndexOf('\0') * 2, 2, rest.Length),
            EvtxType.AnsiText => Terminated(rest.IndexOf((byte)0), 1, rest.Length),
            _ => Sized(WidthOf(item, whole, rest), rest.Length),
        };
        var value = rest[..length];
        rest = rest[taken..];
        return value;
    }

    private static (int Length, int Taken) Terminated(int end, int width, int left) => end < 0 ? (left, left) : (end, end + width); // hot

    private static (int Length, int Taken) Sized(int width, int left) => width > left ? (left, left) : (width, width); // hot

    private static int WidthOf(EvtxType item, int whole, ReadOnlySpan<byte> rest) => item switch // hot
    {
        EvtxType.Int8 or EvtxType.UInt8 => 1,
        EvtxType.Int16 or EvtxType.UInt16 => 2,
        EvtxType.Int32 or EvtxType.UInt32 or EvtxType.Real32 or EvtxType.Bool or EvtxType.HexInt32 => 4,
        EvtxType.Int64 or EvtxType.UInt64 or EvtxType.Real64 or EvtxType.FileTime or EvtxType.HexInt64 or EvtxType.Handle => 8,
        EvtxType.Size => whole % 8 == 0 ? 8 : 4,
        EvtxType.Guid or EvtxType.SystemTime => 16,
        EvtxType.Sid => rest.Length > 1 ? 8 + (4 * rest[1]) : 8,
        _ => rest.Length,
    };
}
