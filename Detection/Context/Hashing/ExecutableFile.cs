using Microsoft.Win32.SafeHandles;

namespace Picket.Detection.Context.Hashing;

/// <summary>
/// Finds the file that a process executed: through its process while that lives, whatever has become of the file's name, else by the path.
/// What is found is taken only when it is the file of the request, unchanged.
/// </summary>
internal sealed class ExecutableFile : IDisposable
{
    private const uint Overlay = 0x794C7630, Btrfs = 0x9123683E;

    private readonly int _pid;
    private readonly FileKey _found;
    private readonly bool _isKept;

    private ExecutableFile(int pid, SafeFileHandle handle, FileKey found, bool isKept)
    {
        _pid = pid;
        Handle = handle;
        _found = found;
        _isKept = isKept;
    }

    /// <summary>The file, open for reading.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens the file; null with the reason when nothing leads to it.</summary>
    /// <param name="request">The file.</param>
    /// <param name="ownNamespace">This process's own mount namespace.</param>
    /// <param name="reason">Why not.</param>
    public static ExecutableFile? Open(HashRequest request, uint ownNamespace, out HashOutcome reason)
    {
        reason = HashOutcome.Gone;
        using (var place = HashLibc.OpenPlace($"/proc/{request.Pid}/exe"))
        {
            if (Take(request, place, true, ref reason) is { } file) return file;
        }

        byte[] path = [.. request.Program.Executable, 0];
        foreach (var root in RootsOf(request, ownNamespace))
        {
            using var folder = HashLibc.OpenPlace(root);
            if (folder is null) continue;
            using var place = HashLibc.OpenPlace(folder, path);
            if (Take(request, place, false, ref reason) is { } file) return file;
        }

        return null;
    }

    /// <summary>Whether what was read is what was executed.</summary>
    public bool IsUnchanged() => HashLibc.TryLook(Handle, out var now, out _) && (_isKept ? IsExecuted() : now == _found);

    /// <summary>Whether the process still executes it: meanwhile nobody could write to it.</summary>
    public bool IsExecuted()
    {
        using var place = HashLibc.OpenPlace($"/proc/{_pid}/exe");
        return place is not null && HashLibc.TryLook(place, out var now, out _) && now with { ChangeNs = _found.ChangeNs } == _found;
    }

    public void Dispose() => Handle.Dispose();

    private static IEnumerable<string> RootsOf(HashRequest request, uint ownNamespace)
    {
        if (request.Namespace == 0 || request.Namespace == ownNamespace) yield return "/";
        else
        {
            foreach (var pid in request.Above) yield return $"/proc/{pid}/root";
        }
    }

    /// <summary>
    /// A file that is executed may be removed, renamed or given other rights, which dates its inode anew; its content stays, as the kernel
    /// lets nobody write to it. So through its process the time of its content's change is enough, if it is still executed at the end.
    /// </summary>
    private static ExecutableFile? Take(HashRequest request, SafeFileHandle? place, bool isOfProcess, ref HashOutcome reason)
    {
        if (place is null || !HashLibc.TryLook(place, out var found, out var modifyNs)) return null;
        var isKept = isOfProcess && found.ChangeNs != request.Key.ChangeNs && modifyNs == request.ModifyNs;
        if (!IsSame(request.Key, isKept ? found with { ChangeNs = request.Key.ChangeNs } : found, place))
        {
            if (found.Inode == request.Key.Inode && found.Device == request.Key.Device) reason = HashOutcome.Changed;
            return null;
        }

        if (HashLibc.OpenFile(place) is { } handle) return new ExecutableFile(request.Pid, handle, found, isKept);
        reason = HashOutcome.Unreadable;
        return null;
    }

    /// <summary>
    /// The device must be the kernel's, but where a file system gives its files another one than its own: overlayfs over several others,
    /// and subvolumes of btrfs. There the number, size and time of change in such a file system decide.
    /// </summary>
    private static bool IsSame(in FileKey wanted, in FileKey found, SafeFileHandle place)
    {
        if (wanted == found) return true;
        return wanted == found with { Device = wanted.Device } && HashLibc.FileSystemOf(place) is Overlay or Btrfs;
    }
}
