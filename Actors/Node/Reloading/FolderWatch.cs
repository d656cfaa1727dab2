using Picket.Node.Options;

namespace Picket.Node.Reloading;

/// <summary>
/// Says when something happens to files of rules or exclusions. It may say so for nothing, and may miss something: what it says is a
/// reason to look.
/// </summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Action _touched;
    private int _said;

    /// <summary>Begins to watch; what cannot be watched is left out.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="touched">Told from any thread, and not again before <see cref="Rearm"/>.</param>
    public FolderWatch(NodeOptions options, Action touched)
    {
        _touched = touched;
        foreach (var path in options.SigmaRules.Concat(options.SigmaLoading.OtherFiles).Distinct(StringComparer.Ordinal)) Watch(path);
    }

    /// <summary>What could not be watched, and why.</summary>
    public List<string> Unwatched { get; } = [];

    /// <summary>Wants to be told again.</summary>
    public void Rearm() => Volatile.Write(ref _said, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in _watchers) watcher.Dispose();
    }

    private void Watch(string path)
    {
        var isFolder = Directory.Exists(path);
        var folder = isFolder ? path : Path.GetDirectoryName(path)!;
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = isFolder ? new FileSystemWatcher(folder) : new FileSystemWatcher(folder, Path.GetFileName(path));
            watcher.IncludeSubdirectories = isFolder;
            watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size
                | NotifyFilters.Attributes;
            watcher.Changed += (_, _) => Touch();
            watcher.Created += (_, _) => Touch();
            watcher.Deleted += (_, _) => Touch();
            watcher.Renamed += (_, _) => Touch();

            // What came while more came than it could hold is unknown; that something did is enough.
            watcher.Error += (_, _) => Touch();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            Unwatched.Add($"{path}: {e.Message}");
        }
    }

    private void Touch()
    {
        if (Interlocked.Exchange(ref _said, 1) == 0) _touched();
    }
}
