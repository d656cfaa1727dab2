using System.Runtime.Versioning;

namespace Picket.Detection.Events.Journal;

/// <summary>The file system of the host.</summary>
public sealed class DiskFileSpace : IFileSpace
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupToo = OwnerOnly | UnixFileMode.GroupRead;
    private const UnixFileMode Folder = OwnerOnly | UnixFileMode.UserExecute;

    private DiskFileSpace()
    {
    }

    /// <summary>The one instance: it holds nothing.</summary>
    public static DiskFileSpace Instance { get; } = new();

    /// <inheritdoc/>
    public void EnsureFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Folder);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder)) names.Add(Path.GetFileName(path));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public IFileHandle? TryCreate(string path, bool groupReadable)
    {
        var mode = groupReadable ? GroupToo : OwnerOnly;
        var options = Options(FileMode.CreateNew, write: true);
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        try
        {
            var stream = new FileStream(path, options);
            if (!OperatingSystem.IsWindows()) ForceMode(stream, mode);
            return new DiskFile(stream);
        }
        catch (IOException failure) when (DiskFile.IsNoSpace(failure))
        {
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be created: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public IFileHandle Open(string path, bool write)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null) throw new IOException($"{path} is a symbolic link, which is not followed here");
        if (file.Exists && (file.Attributes & FileAttributes.Device) != 0) throw new IOException($"{path} is a device and not a file");
        try
        {
            return new DiskFile(new FileStream(path, Options(FileMode.Open, write)));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be opened: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{from} cannot be given the name {to}: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"{path} cannot be removed: {refused.Message}", refused);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        var options = Options(FileMode.OpenOrCreate, write: true);
        options.Share = FileShare.None;
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool SyncFolder(string folder) => !OperatingSystem.IsLinux() || LinuxFiles.SyncFolder(folder);

    private static FileStreamOptions Options(FileMode mode, bool write) => new()
    {
        Mode = mode,
        Access = write ? FileAccess.ReadWrite : FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    };

    /// <summary>The process's umask may have taken the group's bit away, which an option asked for.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void ForceMode(FileStream stream, UnixFileMode mode) => File.SetUnixFileMode(stream.SafeFileHandle, mode);
}
