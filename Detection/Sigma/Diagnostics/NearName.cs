namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>Finds the name that was likely meant by one that is unknown.</summary>
internal static class NearName
{
    /// <summary>The end of a message: the name that differs least, or nothing where none is near.</summary>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">Those that there are.</param>
    public static string Hint(string name, IEnumerable<string> known)
    {
        // In short names two other letters make another word.
        var bound = name.Length < 4 ? 0 : name.Length < 8 ? 1 : 2;
        var nearest = known.Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= bound).OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal).FirstOrDefault();
        return nearest.Name is { } near ? $"; did you mean '{near}'?" : "";
    }

    /// <summary>Letters to add, remove, replace or exchange with their neighbour, whatever their case.</summary>
    private static int Distance(string from, string to)
    {
        if (from.Length > 64 || to.Length > 64 || Math.Abs(from.Length - to.Length) > 2) return int.MaxValue;
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (IsSame(from[i - 1], to[j - 1]) ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && IsSame(from[i - 1], to[j - 2]) && IsSame(from[i - 2], to[j - 1]))
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[from.Length, to.Length];
    }

    private static bool IsSame(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
