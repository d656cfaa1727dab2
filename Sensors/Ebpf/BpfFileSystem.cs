using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>The folder in bpffs in which maps and links outlive the process; one sensor at a time holds its lock.</summary>
internal sealed class BpfFileSystem : IDisposable
{
    private const string MountPoint = "/sys/fs/bpf";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly SafeFileHandle _lock;

    private BpfFileSystem(string folder, SafeFileHandle held)
    {
        Folder = folder;
        _lock = held;
    }

    /// <summary>The folder, 0700.</summary>
    public string Folder { get; }

    /// <summary>Opens <paramref name="folder"/>, mounting bpffs and making the folder where need be.</summary>
    /// <exception cref="BpfException">No bpffs can be had there, or another sensor holds the folder.</exception>
    public static BpfFileSystem Open(string folder)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("bpffs exists on Linux only");
        var below = Path.GetDirectoryName(folder)!;
        while (!Directory.Exists(below)) below = Path.GetDirectoryName(below)!;
        if (!IsBpffs(below))
        {
            if (below != MountPoint) throw new BpfException($"{below} is not on a bpffs; choose a folder below {MountPoint}", 0);
            if (Libc.mount("bpf", MountPoint, "bpf", 0, "mode=0700") != 0)
                throw new BpfException($"bpffs cannot be mounted on {MountPoint}", Marshal.GetLastPInvokeError());
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        // The umask, or an earlier owner, may have had another opinion.
        File.SetUnixFileMode(folder, OwnerOnly);
        var held = Libc.TryLockDirectory(folder) ?? throw new BpfException($"another sensor uses {folder}", 0);
        return new BpfFileSystem(folder, held);
    }

    /// <summary>Whether <paramref name="folder"/> lies on a bpffs, as /proc/self/mounts has it (the longest mount point wins).</summary>
    public static bool IsBpffs(string folder)
    {
        var (best, type) = ("", "");
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var parts = line.Split(' ');
            if (parts.Length < 3 || parts[1].Length < best.Length) continue;
            if (parts[1] == "/" || folder == parts[1] || folder.StartsWith(parts[1] + "/", StringComparison.Ordinal))
                (best, type) = (parts[1], parts[2]);
        }

        return type == "bpf";
    }

    /// <summary>The path of a pin.</summary>
    public string this[string name] => $"{Folder}/{name}";

    /// <summary>The names of all pins that begin with <paramref name="prefix"/>.</summary>
    public List<string> Names(string prefix) =>
        !Directory.Exists(Folder) ? [] : [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name =>
            name.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Makes the folder again where it is gone.</summary>
    public void Restore()
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder, OwnerOnly);
    }

    /// <summary>Removes a pin; what nothing else holds ends with it.</summary>
    public void Remove(string name) => File.Delete(this[name]);

    /// <summary>Removes every pin and the folder.</summary>
    public void RemoveAll()
    {
        foreach (var name in Names("")) Remove(name);
        Directory.Delete(Folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
