using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Picket.Sensors.Logs.Access;

namespace Picket.Sensors.Logs.Following;

/// <summary>An absolute path, perhaps with <c>*</c> and <c>?</c> in its parts.</summary>
internal static partial class PathPattern
{
    /// <summary>Whether the path stands for any number of files.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether <paramref name="path"/> is one of those that <paramref name="pattern"/> stands for.</summary>
    public static bool Matches(string pattern, string path)
    {
        var wanted = pattern.Split('/');
        var parts = path.Split('/');
        return wanted.Length == parts.Length && wanted.Zip(parts).All(pair =>
            pair.First == pair.Second || FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false));
    }

    /// <summary>The folder that holds the files of <paramref name="pattern"/>, with its own wildcards resolved.</summary>
    public static IEnumerable<string> Folders(string pattern, ILogFiles files)
    {
        var folder = Path.GetDirectoryName(pattern) ?? "/";
        return IsPattern(folder) ? Resolve(folder, folders: true, files) : [folder];
    }

    /// <summary>The files of <paramref name="pattern"/>, in ordinal order; a path without wildcards stands for itself.</summary>
    /// <remarks>What rotation leaves behind is none of them: it was read under its former name.</remarks>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    public static IEnumerable<string> Files(string pattern, ILogFiles files)
    {
        if (!IsPattern(pattern)) return [pattern];
        return Resolve(pattern, folders: false, files).Where(path => !IsRotated(Path.GetFileName(path))).Order(StringComparer.Ordinal);
    }

    /// <summary>Whether a name is one that logrotate gives.</summary>
    public static bool IsRotated(string name) => RotatedName().IsMatch(name);

    private static List<string> Resolve(string pattern, bool folders, ILogFiles files)
    {
        IEnumerable<string> found = ["/"];
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var last = i == parts.Length - 1 && !folders;
            found = IsPattern(part)
                ? found.SelectMany(folder => List(folder, part, last, files))
                : found.Select(folder => Path.Join(folder, part));
        }

        return [.. found];
    }

    private static IEnumerable<string> List(string folder, string part, bool last, ILogFiles files)
    {
        if (!files.IsFolder(folder)) return [];
        var entries = last ? files.Files(folder) : files.Folders(folder);
        return entries.Where(path => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(path.AsSpan()), ignoreCase: false));
    }

    [GeneratedRegex(@"(\.\d+|-\d{6,}|\.gz|\.xz|\.bz2|\.zst|\.old|~)$", RegexOptions.CultureInvariant)]
    private static partial Regex RotatedName();
}
