using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Picket.Detection.Events.Journal;

/// <summary>
/// One file of a journal: a header, then frames. Its name and header carry the address of its first frame; addresses count
/// bytes over the journal's whole life and are never used twice.
/// </summary>
internal sealed class JournalSegment
{
    internal const int HeaderSize = 32;
    internal const string Extension = ".segment";

    private const uint Version = 1;
    private static ReadOnlySpan<byte> Magic => "PICKETJL"u8;

    private long _end;

    internal JournalSegment(string path, long start, long end)
    {
        Path = path;
        Start = start;
        _end = end;
    }

    internal string Path { get; }

    /// <summary>Address of the first frame.</summary>
    internal long Start { get; }

    /// <summary>Address behind the last whole frame; readers stop here.</summary>
    internal long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>Length of the file, header and all.</summary>
    internal long Bytes => HeaderSize + End - Start;

    internal long OffsetOf(long address) => HeaderSize + address - Start;

    internal static string NameFor(long start) => start.ToString("x16", CultureInfo.InvariantCulture) + Extension;

    internal static bool TryParseName(string name, out long start)
    {
        start = 0;
        return name.Length == 16 + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out start) && start >= 0
            && NameFor(start) == name;
    }

    internal static byte[] MakeHeader(string kind, long start)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        Encoding.ASCII.GetBytes(kind, header.AsSpan(12, 8));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(20), start);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), JournalFrame.Sum(0, header.AsSpan(0, 28)));
        return header;
    }

    /// <summary>Judges a file's first bytes.</summary>
    /// <returns>Null for a good header, empty for one whose writing was cut short, else what is wrong with it.</returns>
    /// <exception cref="JournalFormatException">The header is whole, but of a newer version or of another kind of journal.</exception>
    internal static string? Judge(ReadOnlySpan<byte> bytes, string kind, long start, string name)
    {
        var expected = MakeHeader(kind, start);
        if (bytes.Length < HeaderSize)
            return bytes.SequenceEqual(expected.AsSpan(0, bytes.Length)) || IsZero(bytes) ? "" : "the header is cut";
        if (bytes.SequenceEqual(expected)) return null;
        if (IsZero(bytes)) return "";
        if (!bytes.StartsWith(Magic)) return "it is not a journal's segment";
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != JournalFrame.Sum(0, bytes[..28])) return "the header's sum is wrong";
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version > Version)
            throw new JournalFormatException($"{name} was written by a newer version (format {version}, this one knows {Version})");
        var other = Encoding.ASCII.GetString(bytes.Slice(12, 8)).TrimEnd('\0');
        if (other != kind) throw new JournalFormatException($"{name} belongs to a journal of kind '{other}' and not '{kind}'");
        return "its name does not fit its header";
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
