namespace Picket.Sensors.OwnFiles;

/// <summary>A folder with files of the node's own.</summary>
/// <param name="Folder">Its absolute path.</param>
/// <param name="Area">What the files are for.</param>
/// <param name="Names">
/// Beginnings of the names that are the node's; empty for a folder that is the node's as a whole, with all folders below it.
/// </param>
public sealed record WatchedPlace(string Folder, FileArea Area, params IReadOnlyList<string> Names)
{
    /// <summary>Whether the folders below belong to it.</summary>
    internal bool IsWhole => Names.Count == 0;

    /// <summary>Whether <paramref name="name"/> in <paramref name="folder"/> belongs to it; an empty name is the folder itself.</summary>
    internal bool Has(string folder, string name)
    {
        if (IsWhole) return folder == Folder || folder.StartsWith(Folder + "/", StringComparison.Ordinal);
        return folder == Folder && (name.Length == 0 || Names.Any(own => name.StartsWith(own, StringComparison.Ordinal)));
    }
}
