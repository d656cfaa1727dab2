namespace Picket.Spec.House;

/// <summary>The repository's own C# files.</summary>
internal static class SourceFiles
{
    /// <summary>Full paths of all source files of the product and its tests, without what a build makes.</summary>
    public static IEnumerable<string> All()
    {
        foreach (var top in (string[])["Actors", "Detection", "Sensors", "Cluster", "tests"])
        {
            var folder = Path.Combine(Corpora.Root, top);
            if (!Directory.Exists(folder)) continue;
            foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(Corpora.Root, file).Split(Path.DirectorySeparatorChar);
                if (!path.Contains("obj") && !path.Contains("bin")) yield return file;
            }
        }
    }
}
