namespace Picket.Spec;

/// <summary>Finds the folder of real rules, logs and fixtures that lies beside a checkout on the developers' machines.</summary>
internal static class Corpora
{
    /// <summary>The repository's root: the nearest folder above the test binary that holds Actors.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of <paramref name="name"/> in the corpora; skips the calling test where the corpora are absent.</summary>
    public static string Require(string name)
    {
        var path = Find(name);
        Assert.SkipUnless(path is not null, $"the corpus {name} is not beside this checkout");
        return path;
    }

    /// <summary>The path of <paramref name="name"/> in the corpora; null where they are absent.</summary>
    public static string? Find(string name)
    {
        var folder = Environment.GetEnvironmentVariable("PICKET_CORPORA") ?? Path.Combine(Root, "..", "shared", "corpora");
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return Directory.Exists(path) || File.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Actors.sln"))) return at.FullName;
        }

        throw new InvalidOperationException($"no Actors.sln above {AppContext.BaseDirectory}");
    }
}
