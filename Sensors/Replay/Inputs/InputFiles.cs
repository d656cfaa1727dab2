using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Replay.Inputs;

/// <summary>Finds the files of an input.</summary>
public static class InputFiles
{
    /// <summary>
    /// The path itself, or all files below a folder: each folder's entries by name, in the order of their characters' numbers. Links to
    /// folders below it are not followed, which may lead round, and what is no file is left out: whoever reads a pipe waits for one who
    /// writes.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="onLeftOut">Told of each entry of a folder that is left out, and why; null tells nobody.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IReadOnlyList<string> Find(string path, Action<MalformedRecord>? onLeftOut = null)
    {
        if (!Directory.Exists(path)) return [path];
        var files = new List<string>();
        Add(path, files, onLeftOut);
        return files;
    }

    private static void Add(string folder, List<string> files, Action<MalformedRecord>? onLeftOut)
    {
        var entries = Directory.GetFileSystemEntries(folder);
        Array.Sort(entries, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (Directory.Exists(entry))
            {
                if (new DirectoryInfo(entry).LinkTarget is null) Add(entry, files, onLeftOut);
                else LeaveOut(entry, "a link to a folder is not followed");
            }
            else if (IsSpecial(entry))
            {
                LeaveOut(entry, "a pipe, socket or device in a folder is not read");
            }
            else
            {
                files.Add(entry);
            }
        }

        void LeaveOut(string entry, string why) => onLeftOut?.Invoke(new MalformedRecord(entry, 0, 0, why));
    }

    /// <summary>Whether a path leads to what is there and is no file.</summary>
    private static bool IsSpecial(string path) =>
        OperatingSystem.IsLinux() && LogLibc.TryStat(path, out var facts, out _) && !facts.IsRegular;
}
