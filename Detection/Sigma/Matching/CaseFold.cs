using System.Buffers;
using System.Text;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// Unicode simple case folding over UTF-8. A byte that belongs to no well-formed sequence stays as it is, one by one, so that
/// values of any encoding still match byte by byte. Folding maps characters one to one; their length in bytes may change.
/// </summary>
internal static class CaseFold
{
    private const int TableSize = 0x2000;
    private static readonly ushort[] Table = BuildTable();

    /// <summary>An upper bound of the folded length: two bytes may become three, never more.</summary>
    public static int MaxLength(int length) => length + (length >> 1) + 1;

    /// <summary>Folds <paramref name="source"/> and returns the bytes written; the destination is <see cref="MaxLength"/> long.</summary>
    public static int Fold(ReadOnlySpan<byte> source, Span<byte> destination) // hot
    {
        var status = Ascii.ToLower(source, destination, out var done);
        if (status == OperationStatus.Done) return done;
        var read = done;
        var written = done;
        while (read < source.Length)
        {
            var first = source[read];
            if (first < 0x80)
            {
                destination[written++] = first is >= (byte)'A' and <= (byte)'Z' ? (byte)(first | 0x20) : first;
                read++;
                continue;
            }

            if (Rune.DecodeFromUtf8(source[read..], out var rune, out var length) != OperationStatus.Done)
            {
                destination[written++] = first;
                read++;
                continue;
            }

            written += Fold(rune).EncodeToUtf8(destination[written..]);
            read += length;
        }

        return written;
    }

    /// <summary>Folds into a new array.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> source)
    {
        var ascii = new byte[source.Length];
        if (Ascii.ToLower(source, ascii, out _) == OperationStatus.Done) return ascii;
        var buffer = new byte[MaxLength(source.Length)];
        return buffer[..Fold(source, buffer)];
    }

    /// <summary>Folds one character.</summary>
    public static Rune Fold(Rune rune) => rune.Value < TableSize ? new Rune((char)Table[rune.Value]) : Compute(rune); // hot

    /// <summary>Length of the character at the start of <paramref name="text"/>; 1 for a byte that belongs to none.</summary>
    public static int CharLength(ReadOnlySpan<byte> text) => // hot
        text[0] < 0x80 || Rune.DecodeFromUtf8(text, out _, out var length) != OperationStatus.Done ? 1 : length;

    /// <summary>Whether a character (or a byte that belongs to none) starts at <paramref name="index"/>.</summary>
    public static bool IsBoundary(ReadOnlySpan<byte> text, int index) // hot
    {
        if (index >= text.Length || (text[index] & 0xC0) != 0x80) return true;
        for (var back = 1; back <= 3 && index - back >= 0; back++)
        {
            var at = text[index - back];
            if ((at & 0xC0) == 0x80) continue;
            return at < 0x80 || CharLength(text[(index - back)..]) <= back;
        }

        return true;
    }

    /// <summary>Lower case of upper case brings together what has several lower or upper forms; the platform leaves out some pairs
    /// with ASCII letters, which folding has, and joins the dotless i, which folding has not.</summary>
    private static Rune Compute(Rune rune) => rune.Value switch
    {
        0x130 or 0x131 => rune,
        0x17F => new Rune('s'),
        0x212A => new Rune('k'),
        0x1E9E => new Rune(0xDF),
        _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)),
    };

    private static ushort[] BuildTable()
    {
        var table = new ushort[TableSize];
        for (var i = 0; i < TableSize; i++) table[i] = (ushort)Compute(new Rune(i)).Value;
        return table;
    }
}
