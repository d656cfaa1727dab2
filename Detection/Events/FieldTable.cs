using System.Collections.Concurrent;
using System.Text;

namespace Picket.Detection.Events;

/// <summary>
/// The interned field names of this process. Names enter when rules load and from <see cref="Fields"/>; sources only
/// look names up, so that no input can make the table grow. Names are case-sensitive, as in Sigma.
/// </summary>
public static class FieldTable
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, FieldId> Ids = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, FieldId>.AlternateLookup<ReadOnlySpan<char>> ByChars =
        Ids.GetAlternateLookup<ReadOnlySpan<char>>();

    private static string[] _names = new string[256];
    private static int _count = 1;

    static FieldTable() => _names[0] = "";

    /// <summary>One more than the highest id in use: the size of a table indexed by field.</summary>
    public static int Count => Volatile.Read(ref _count);

    /// <summary>The id of <paramref name="name"/>, which is entered when new.</summary>
    /// <exception cref="InvalidOperationException">More than 65,535 distinct names were asked for.</exception>
    public static FieldId Intern(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Ids.TryGetValue(name, out var known)) return known;
        lock (Gate)
        {
            if (Ids.TryGetValue(name, out known)) return known;
            if (_count > ushort.MaxValue) throw new InvalidOperationException("the rules name more than 65,535 distinct fields");
            if (_count == _names.Length)
            {
                var larger = new string[_names.Length * 2];
                _names.CopyTo(larger, 0);
                Volatile.Write(ref _names, larger);
            }

            var id = new FieldId((ushort)_count);
            _names[_count] = name;
            Volatile.Write(ref _count, _count + 1);
            Ids[name] = id;
            return id;
        }
    }

    /// <summary>The id of a name given as UTF-8, or <see cref="FieldId.Unnamed"/> when no rule has named it. Never allocates.</summary>
    public static FieldId Find(ReadOnlySpan<byte> utf8Name) // hot
    {
        const int Longest = 256;
        if (utf8Name.Length is 0 or > Longest) return FieldId.Unnamed;
        Span<char> chars = stackalloc char[Longest];
        return Encoding.UTF8.TryGetChars(utf8Name, chars, out var written) && ByChars.TryGetValue(chars[..written], out var id)
            ? id
            : FieldId.Unnamed;
    }

    /// <summary>The name behind <paramref name="id"/>; empty for <see cref="FieldId.Unnamed"/>.</summary>
    public static string NameOf(FieldId id) => Volatile.Read(ref _names)[id.Value];
}
