using System.Collections.Concurrent;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// The keys of persistence ids as the server gave them. Forgotten whenever an attempt fails: a server that comes back may have been
/// restored, and then a key may stand for another id.
/// </summary>
internal sealed class PostgresKeys
{
    private const int MostKeys = 65_536;

    private readonly ConcurrentDictionary<string, long> _keys = new(StringComparer.Ordinal);

    /// <summary>The keys in order; null where one is not known.</summary>
    public long[]? Find(IReadOnlyList<string> names)
    {
        var keys = new long[names.Count];
        string? last = null;
        for (var i = 0; i < keys.Length; i++)
        {
            if (ReferenceEquals(last, names[i])) keys[i] = keys[i - 1];
            else if (!_keys.TryGetValue(last = names[i], out keys[i])) return null;
        }

        return keys;
    }

    public void Remember(string name, long key)
    {
        if (_keys.Count >= MostKeys) _keys.Clear();
        _keys[name] = key;
    }

    public void Forget() => _keys.Clear();
}
