using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// The YAML files below folders. Links are followed, as collections are often linked into a folder of rules, but no folder and no file
/// is entered twice: links that lead round, the three ways to each file of a mounted ConfigMap, or a folder that is named together with one
/// below it would have each rule there many times. What is hidden by a dot is of other tools: <c>.github</c>, <c>.yamllint.yml</c>.
/// </summary>
internal sealed class RuleFolder
{
    private const int MostLinks = 40; // as the kernel follows, path_resolution(7)

    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly List<(string Shown, string Real)> _linkedFolders = [];
    private readonly List<(string Shown, string Real)> _linkedFiles = [];
    private readonly List<string> _found = [];
    private readonly List<SigmaError> _errors;

    /// <summary>Begins.</summary>
    /// <param name="errors">Gets which folders cannot be read; the others are.</param>
    public RuleFolder(List<SigmaError> errors) => _errors = errors;

    /// <summary>
    /// The files below a folder with a name that rules and their tests have, in a stable order, without those that were found before. Pipes
    /// and other empty files are not among them.
    /// </summary>
    /// <exception cref="IOException">The folder itself cannot be reached.</exception>
    public List<string> Below(string folder)
    {
        _found.Clear();
        _linkedFolders.Clear();
        _linkedFiles.Clear();
        Enter(folder, RealPath(folder));

        // What is there by itself goes by its own name, whatever the order of names.
        for (var i = 0; i < _linkedFolders.Count; i++) Enter(_linkedFolders[i].Shown, _linkedFolders[i].Real);
        foreach (var (shown, real) in _linkedFiles)
        {
            if (!IsEmpty(new FileInfo(real)) && _files.Add(real)) _found.Add(shown);
        }

        _found.Sort(StringComparer.Ordinal);
        return [.. _found];
    }

    /// <summary>Whether a file, which is named by itself, was not found before; it is then.</summary>
    /// <exception cref="IOException">The file cannot be reached.</exception>
    public bool IsNew(string file) => _files.Add(RealPath(file));

    private void Enter(string shown, string real)
    {
        if (!_folders.Add(real)) return;
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(real).GetFileSystemInfos();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _errors.Add(new SigmaError(shown, 0, 0, SigmaCodes.File, failure.Message));
            return;
        }

        Array.Sort(entries, static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (var entry in entries) Look(entry, Path.Combine(shown, entry.Name));
    }

    private void Look(FileSystemInfo entry, string shown)
    {
        var isFolder = entry is DirectoryInfo;
        if (entry.Name.StartsWith('.')) return;
        if (!isFolder && entry.Extension is not (".yml" or ".yaml")) return;
        if (entry.LinkTarget is not null)
        {
            try
            {
                (isFolder ? _linkedFolders : _linkedFiles).Add((shown, RealPath(entry.FullName)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _errors.Add(new SigmaError(shown, 0, 0, SigmaCodes.File, failure.Message));
            }
        }
        else if (isFolder)
        {
            Enter(shown, entry.FullName);
        }
        else if (!IsEmpty((FileInfo)entry) && _files.Add(entry.FullName))
        {
            _found.Add(shown);
        }
    }

    /// <summary>A pipe has no length, either: whoever reads it waits for one who writes.</summary>
    private static bool IsEmpty(FileInfo file) => file.Exists && file.Length == 0;

    /// <summary>The path without a link, as realpath(3) has it; what is not there is no link.</summary>
    public static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var at = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>(full[at.Length..].Split(Path.DirectorySeparatorChar).Reverse());
        for (var links = 0; ahead.TryPop(out var name);)
        {
            if (name is "" or ".") continue;
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? at;
                continue;
            }

            var next = Path.Combine(at, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks) throw new IOException($"{path}: too many links, one behind the other");
            if (Path.IsPathRooted(target)) at = Path.GetPathRoot(target)!;
            foreach (var part in target.Split(Path.DirectorySeparatorChar).Reverse()) ahead.Push(part);
        }

        return at;
    }
}
