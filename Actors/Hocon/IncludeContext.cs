namespace Picket.Hocon;

/// <summary>Where a text stands within the whole configuration.</summary>
/// <param name="Directory">The folder that relative includes start from; null for a text that is no file.</param>
/// <param name="ResourceFolder">
/// The part of the resource's name that relative includes start from, empty or ending in a slash; null for a text that is no resource.
/// </param>
/// <param name="Prefix">The keys from the root to the include statement.</param>
/// <param name="Depth">How many levels of nesting lie above the text.</param>
/// <param name="IsInsideList">Whether one of those levels is a list.</param>
internal sealed record IncludeContext(
    string? Directory, string? ResourceFolder, IReadOnlyList<string> Prefix, int Depth, bool IsInsideList)
{
    /// <summary>The context of a text that is a whole configuration and lies nowhere.</summary>
    public static IncludeContext Root { get; } = new(null, null, [], 0, false);
}
