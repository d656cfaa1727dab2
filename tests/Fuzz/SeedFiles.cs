namespace Picket.Fuzz;

/// <summary>Finds real configurations to begin with.</summary>
internal static class SeedFiles
{
    /// <summary>The configurations below a folder, in the order of their names.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".conf" or ".json" or ".properties")
            .Order(StringComparer.Ordinal),
    ];
}
