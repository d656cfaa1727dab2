namespace Picket.Sensors.Replay.Inputs;

/// <summary>Finds the files of an input.</summary>
public static class InputFiles
{
    /// <summary>
    /// The path itself, or all files below a folder: each folder's entries by name, in the order of their characters' numbers. Links to
    /// folders below it are not followed, which may lead round.
    /// </summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var files = new List<string>();
        Add(path, files);
        return files;
    }

    private static void Add(string folder, List<string> files)
    {
        var entries = Directory.GetFileSystemEntries(folder);
        Array.Sort(entries, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!Directory.Exists(entry)) files.Add(entry);
            else if (new DirectoryInfo(entry).LinkTarget is null) Add(entry, files);
        }
    }
}
