using System.Collections.Concurrent;

namespace Picket.Detection.Events;

/// <summary>Interns the parts of Sigma log sources. Rules and sensors enter names; replayed records only look them up.</summary>
public static class EventRouteTable
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, byte> Ids = new(StringComparer.OrdinalIgnoreCase);
    private static readonly string?[] Names = new string?[256];
    private static readonly ConcurrentDictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> ByChars =
        Ids.GetAlternateLookup<ReadOnlySpan<char>>();

    private static int _last;

    /// <summary>A part that is known and that no rule has, such as the category of a log line, which is of none.</summary>
    public const byte NoRules = byte.MaxValue;

    /// <summary>How many names were entered: whoever keeps numbers looks them up again when it has changed.</summary>
    public static int Count => Volatile.Read(ref _last);

    /// <summary>The number of a product, category or service; entered when new; 0 for null or empty.</summary>
    /// <exception cref="InvalidOperationException">More than 254 distinct names.</exception>
    public static byte Intern(string? name)
    {
        if (string.IsNullOrEmpty(name)) return 0;
        if (Ids.TryGetValue(name, out var id)) return id;
        lock (Gate)
        {
            if (Ids.TryGetValue(name, out id)) return id;
            if (_last == byte.MaxValue - 1) throw new InvalidOperationException("the rules name more than 254 distinct log source parts");
            id = (byte)(_last + 1);
            Volatile.Write(ref Names[id], name);
            Ids[name] = id;
            Volatile.Write(ref _last, id);
            return id;
        }
    }

    /// <summary>The number of <paramref name="name"/>, or <see cref="NoRules"/> when nobody entered it.</summary>
    public static byte Find(string? name) => string.IsNullOrEmpty(name) ? (byte)0 : Ids.TryGetValue(name, out var id) ? id : NoRules;

    /// <summary>The number of a name given as UTF-8; 0 for an empty one, and for one that nobody entered. Never allocates.</summary>
    public static byte FindKnown(ReadOnlySpan<byte> utf8Name) // hot
    {
        const int Longest = 64;
        if (utf8Name.Length is 0 or > Longest) return 0;
        Span<char> chars = stackalloc char[Longest];
        return System.Text.Encoding.UTF8.TryGetChars(utf8Name, chars, out var written) && ByChars.TryGetValue(chars[..written], out var id)
            ? id
            : (byte)0;
    }

    /// <summary>The name that <paramref name="id"/> stands for; empty for 0 and for what nobody entered.</summary>
    public static string NameOf(byte id) => Volatile.Read(ref Names[id]) ?? "";

    /// <summary>The route of the three names.</summary>
    public static EventRoute Route(string? product, string? category, string? service) =>
        new(Intern(product), Intern(category), Intern(service));
}
