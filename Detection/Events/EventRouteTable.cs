using System.Collections.Concurrent;

namespace Picket.Detection.Events;

/// <summary>Interns the parts of Sigma log sources. Rules and sensors enter names; replayed records only look them up.</summary>
public static class EventRouteTable
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, byte> Ids = new(StringComparer.OrdinalIgnoreCase);
    private static readonly string?[] Names = new string?[256];
    private static int _last;

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
            id = (byte)++_last;
            Volatile.Write(ref Names[id], name);
            Ids[name] = id;
            return id;
        }
    }

    /// <summary>The number of <paramref name="name"/>, or <see cref="byte.MaxValue"/>, which no rule has, when nobody entered it.</summary>
    public static byte Find(string? name) => string.IsNullOrEmpty(name) ? (byte)0 : Ids.TryGetValue(name, out var id) ? id : byte.MaxValue;

    /// <summary>The name that <paramref name="id"/> stands for; empty for 0 and for what nobody entered.</summary>
    public static string NameOf(byte id) => Volatile.Read(ref Names[id]) ?? "";

    /// <summary>The route of the three names.</summary>
    public static EventRoute Route(string? product, string? category, string? service) =>
        new(Intern(product), Intern(category), Intern(service));
}
