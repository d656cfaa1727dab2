namespace Picket.Fuzz;

/// <summary>Finds real inputs to begin with.</summary>
internal static class SeedFiles
{
    /// <summary>The files below a folder whose names end in one of the extensions, or all, in the order of their names.</summary>
    public static IReadOnlyList<string> In(string folder, IReadOnlyList<string> extensions) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Count == 0 || extensions.Contains(Path.GetExtension(file)))
            .Order(StringComparer.Ordinal),
    ];
}
