namespace Picket.Hocon;

/// <summary>Finds what a mistyped key was meant to be.</summary>
public static class NearestKey
{
    private const int Longest = 256;

    /// <summary>
    /// The known key nearest to <paramref name="unknown"/> by edits (insert, delete, replace, swap neighbours; case does not count), or
    /// the one that ends in it where only the section was left out; null where none is near. Ties go to the first in ordinal order.
    /// </summary>
    /// <param name="unknown">The key as it was written.</param>
    /// <param name="known">The keys that exist.</param>
    public static string? Suggest(string unknown, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(unknown);
        ArgumentNullException.ThrowIfNull(known);
        if (unknown.Length is 0 or > Longest) return null;

        // Up to a third of the letters may be wrong, at least one.
        var best = Math.Max(1, unknown.Length / 3) + 1;
        string? nearest = null;
        foreach (var candidate in known)
        {
            var distance = candidate.EndsWith($".{unknown}", StringComparison.OrdinalIgnoreCase) ? 1 : Distance(unknown, candidate, best);
            if (distance > best || (distance == best && (nearest is null || string.CompareOrdinal(candidate, nearest) >= 0))) continue;
            best = distance;
            nearest = candidate;
        }

        return nearest;
    }

    /// <summary>
    /// The edit distance of two keys; anything above <paramref name="bound"/> may be told as <paramref name="bound"/> + 1.
    /// </summary>
    internal static int Distance(string from, string to, int bound)
    {
        if (Math.Abs(from.Length - to.Length) > bound) return bound + 1;
        var width = to.Length + 1;
        var before = new int[width];
        var last = new int[width];
        var next = new int[width];
        for (var j = 0; j < width; j++) last[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j < width; j++)
            {
                var same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]);
                next[j] = Math.Min(Math.Min(last[j], next[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                var swapped = i > 1 && j > 1
                    && char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 2])
                    && char.ToLowerInvariant(from[i - 2]) == char.ToLowerInvariant(to[j - 1]);
                if (swapped) next[j] = Math.Min(next[j], before[j - 2] + 1);
            }

            (before, last, next) = (last, next, before);
        }

        return last[to.Length];
    }
}
