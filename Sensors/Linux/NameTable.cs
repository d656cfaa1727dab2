using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Picket.Sensors.Linux;

/// <summary>Names of the numbers of one of the kernel's enumerations, as UTF-8, so that writing one allocates nothing.</summary>
internal sealed class NameTable
{
    private readonly FrozenDictionary<ulong, byte[]> _names;
    private readonly (ulong Bit, byte[] Name)[] _bits;

    private NameTable(IEnumerable<(ulong Number, string Name)> names)
    {
        _bits = [.. names.Select(pair => (pair.Number, Encoding.UTF8.GetBytes(pair.Name)))];
        _names = _bits.ToFrozenDictionary(pair => pair.Bit, pair => pair.Name);
    }

    /// <summary>Names that follow each other from <paramref name="first"/>; a dash leaves a number out.</summary>
    public static NameTable From(ulong first, string names) => new(names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select((name, index) => (first + (ulong)index, name)).Where(pair => pair.name != "-"));

    /// <summary>Pairs of a number (decimal, or hexadecimal after 0x) and a name.</summary>
    public static NameTable Of(string pairs) => new(pairs.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(pair =>
    {
        var parts = pair.Split('=');
        return (parts[0].StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(parts[0].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }));

    /// <summary>The name of <paramref name="number"/>; empty for one without.</summary>
    public ReadOnlySpan<byte> NameOf(ulong number) => _names.TryGetValue(number, out var name) ? name : []; // hot

    /// <summary>
    /// Writes the names of the bits of <paramref name="set"/>, joined by <c>|</c>, then what has no name in hexadecimal; returns the
    /// length.
    /// </summary>
    public int WriteBits(ulong set, Span<byte> to) // hot
    {
        var length = 0;
        foreach (var (bit, name) in _bits)
        {
            if ((set & bit) == 0 || length + name.Length + 1 > to.Length) continue;
            if (length > 0) to[length++] = (byte)'|';
            name.CopyTo(to[length..]);
            length += name.Length;
            set &= ~bit;
        }

        if (set == 0 || length + 20 > to.Length) return length;
        if (length > 0) to[length++] = (byte)'|';
        to[length++] = (byte)'0';
        to[length++] = (byte)'x';
        set.TryFormat(to[length..], out var written, "x", CultureInfo.InvariantCulture);
        return length + written;
    }
}
