namespace Picket.Node.CommandLine;

/// <summary>Files and folders that a command line names.</summary>
internal static class ExistingPaths
{
    /// <summary>Refuses what is not there; what looks like an option may be a mistyped one.</summary>
    /// <exception cref="UsageException">The first that is not there.</exception>
    public static void Require(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path) || File.Exists(path)) continue;
            throw new UsageException(path.StartsWith('-')
                ? $"{path}: no such option, file or folder"
                : $"{path}: no such file or folder");
        }
    }
}
