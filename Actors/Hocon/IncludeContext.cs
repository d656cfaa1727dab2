namespace Picket.Hocon;

/// <summary>Where a text stands within the whole configuration.</summary>
/// <param name="Directory">The folder that relative includes start from; null for a text that is no file.</param>
/// <param name="Prefix">The keys from the root to the include statement.</param>
/// <param name="Depth">How many levels of nesting lie above the text.</param>
/// <param name="IsInsideList">Whether one of those levels is a list.</param>
internal sealed record IncludeContext(string? Directory, IReadOnlyList<string> Prefix, int Depth, bool IsInsideList)
{
    /// <summary>The context of a whole configuration that lies in <paramref name="directory"/>.</summary>
    public static IncludeContext Root(string? directory) => new(directory, [], 0, false);
}
