using System.Collections.Concurrent;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// Persistence ids that the server is believed to know. Only that they exist is remembered, not their keys: after the restore of a backup a
/// key could stand for another id, and a name that is gone makes the insert fail and is then added again.
/// </summary>
internal sealed class PostgresNames
{
    private const int MostNames = 65_536;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Each name once, in one order: two writers of the same new names would else wait for each other.</summary>
    public static string[] Distinct(IEnumerable<WriteSpan> writes)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var write in writes) names.Add(write.PersistenceId);
        return [.. names];
    }

    /// <summary>Those that must be added first.</summary>
    public string[] Unknown(IReadOnlyList<WriteSpan> writes)
    {
        foreach (var write in writes)
        {
            if (!_known.ContainsKey(write.PersistenceId)) return Array.FindAll(Distinct(writes), name => !_known.ContainsKey(name));
        }

        return [];
    }

    public void Remember(string[] names)
    {
        if (names.Length == 0) return;
        if (_known.Count + names.Length > MostNames) _known.Clear();
        foreach (var name in names) _known[name] = true;
    }

    /// <summary>Forgets; whether there was anything to forget.</summary>
    public bool Forget(IReadOnlyList<WriteSpan> writes)
    {
        var any = false;
        foreach (var write in writes) any |= _known.TryRemove(write.PersistenceId, out _);
        return any;
    }
}
