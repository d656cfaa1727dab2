namespace Picket.Detection.Sigma.Pipelines;

/// <summary>The pipelines that come with the program, as texts in its own files.</summary>
public static class BundledPipelines
{
    private static readonly string[] All = ["ecs", "windows"];

    /// <summary>Their names, for people.</summary>
    public static string Names => string.Join(", ", All);

    /// <summary>Whether <paramref name="name"/> is that of a bundled pipeline, and not of a file.</summary>
    public static bool Contains(string name) => All.Contains(name, StringComparer.Ordinal);

    /// <summary>The text of a pipeline; null for another name.</summary>
    internal static string? Find(string name)
    {
        if (!Contains(name)) return null;
        using var stream = typeof(BundledPipelines).Assembly.GetManifestResourceStream($"pipeline.{name}.yml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
