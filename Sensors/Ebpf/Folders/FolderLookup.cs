using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Folders;

/// <summary>
/// Asks the kernel, with what it has in memory alone (RESOLVE_CACHED, since 5.12): the caller's own call went the same way a moment
/// ago, and no file system, however far away, is waited for. On older kernels nothing is found.
/// </summary>
/// <remarks>
/// Nothing is held open between calls but this process's own root: a descriptor in another mount namespace would keep its mounts
/// alive. Such a namespace is reached by a process that lives in it; a process with a root of its own is none of these.
/// </remarks>
internal sealed class FolderLookup : IFolderLookup, IDisposable
{
    private const int Neighbours = 64;
    private const int InitPid = 1;

    /// <summary>How long the reader waits for what is not in memory, in milliseconds: what it reads behind it is as much later.</summary>
    private const int DefaultPatienceMs = 2;

    private readonly PatientOpener _patient;
    private readonly PatientOpener _patientAny;
    private readonly PatientOpener _patientLink;
    private readonly uint _own;
    private readonly int _root;

    /// <summary>Per mount namespace a process that was found to live in it, and the parent of the last program executed there.</summary>
    private readonly (uint Namespace, int Known, int Parent)[] _neighbours = new (uint, int, int)[Neighbours];

    /// <summary>Opens this process's root.</summary>
    /// <param name="patienceMs">How long to wait for what is not in the kernel's memory, in milliseconds.</param>
    public FolderLookup(int patienceMs = DefaultPatienceMs)
    {
        _patient = new PatientOpener(patienceMs, static (top, path) => Closing(top, FolderCalls.OpenBelow(top, path, fromMemory: false)));
        _patientAny = new PatientOpener(patienceMs,
            static (top, path) => Closing(top, FolderCalls.OpenAnyBelow(top, path, fromMemory: false)));
        _patientLink = new PatientOpener(patienceMs, static (top, path) => Closing(top, FolderCalls.OpenPlace(path)));
        _root = FolderCalls.OpenFolder("/\0"u8);
        if (_root >= 0 && IsTop("/proc/self/root\0"u8)) _own = NamespaceOf("self"u8);
    }

    /// <inheritdoc/>
    public void Learn(uint mountNamespace, int pid) // hot
    {
        if (mountNamespace == _own || mountNamespace == 0 || pid <= 0) return;
        ref var neighbour = ref _neighbours[mountNamespace % Neighbours];
        if (neighbour.Namespace != mountNamespace) neighbour = (mountNamespace, 0, pid);
        else neighbour.Parent = pid;
    }

    /// <inheritdoc/>
    public int Find(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> folder, Span<byte> result) =>
        Find(mountNamespace, pid, root, folder, false, result);

    /// <inheritdoc/>
    public int FindAny(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, Span<byte> result) =>
        Find(mountNamespace, pid, root, path, true, result);

    /// <inheritdoc/>
    public void Dispose()
    {
        _patient.Dispose();
        _patientAny.Dispose();
        _patientLink.Dispose();
        if (_root >= 0) _ = FolderCalls.Close(_root);
    }

    private int Find(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, bool any, Span<byte> result)
    {
        if (mountNamespace == 0) return -1;
        if (mountNamespace == _own)
        {
            if (root.IsEmpty) path = ProcessPlaces.StepOver(path);
            var isOfProcesses = root.IsEmpty && path.StartsWith("/proc/"u8);
            return isOfProcesses ? OfProcesses(path, any, pid, result) : Below(_root, root, path, any, pid, result);
        }

        var other = RootOf(mountNamespace, pid);
        if (other < 0) return -1;
        var found = Below(other, root, path, any, pid, result);
        _ = FolderCalls.Close(other);
        return found;
    }

    private static int Closing(int top, int opened)
    {
        _ = FolderCalls.Close(top);
        return opened;
    }

    private int OfProcesses(ReadOnlySpan<byte> path, bool any, int pid, Span<byte> result)
    {
        Span<byte> place = stackalloc byte[ProcessPlaces.Longest], link = stackalloc byte[64];
        if (!ProcessPlaces.TryLead(path, pid, link, place, out var length, out var rest) || !IsThere(link, place[..(length + 1)]))
            return Below(_root, default, path, any, pid, result);
        rest.CopyTo(place[length..]);
        if (rest is not [0] || !any) return Below(_root, default, place[..(length + rest.Length)], any, pid, result);
        place[..length].CopyTo(result);
        return length;
    }

    /// <summary>
    /// Whether a link of /proc leads to what its text, ended by NUL, names here: in another mount namespace that may be another file.
    /// </summary>
    private bool IsThere(ReadOnlySpan<byte> link, Span<byte> place)
    {
        place[^1] = 0;
        var leads = _patientLink.Open(FolderCalls.Duplicate(_root), link[..(link.IndexOf((byte)0) + 1)]);
        var says = leads < 0 ? -1 : FolderCalls.OpenAnyBelow(_root, place, fromMemory: true);
        var isThere = says >= 0 && FolderCalls.AreOne(leads, says);
        if (leads >= 0) _ = FolderCalls.Close(leads);
        if (says >= 0) _ = FolderCalls.Close(says);
        return isThere;
    }

    private int Below(int top, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, bool any, int pid, Span<byte> result)
    {
        if (root.IsEmpty) return PathOf(Open(top, path, any), pid, path, result);
        Span<byte> ended = stackalloc byte[root.Length + 1];
        root.CopyTo(ended);
        ended[^1] = 0;
        var below = Open(top, ended, false);
        if (below < 0) return -1;
        var found = PathOf(Open(below, path, any), pid, path, result);
        _ = FolderCalls.Close(below);
        return found;
    }

    private int Open(int top, ReadOnlySpan<byte> path, bool any)
    {
        var fd = any ? FolderCalls.OpenAnyBelow(top, path, fromMemory: true) : FolderCalls.OpenBelow(top, path, fromMemory: true);
        if (fd >= 0 || Marshal.GetLastPInvokeError() != FolderCalls.TryAgain) return fd;
        return (any ? _patientAny : _patient).Open(FolderCalls.Duplicate(top), path);
    }

    /// <summary>The path of what is open, which is closed; <paramref name="asked"/> is what it was opened by.</summary>
    private static int PathOf(int fd, int pid, ReadOnlySpan<byte> asked, Span<byte> result)
    {
        if (fd < 0) return -1;
        Span<byte> link = stackalloc byte[32];
        "/proc/self/fd/"u8.CopyTo(link);
        Utf8Formatter.TryFormat(fd, link[14..], out var digits);
        link[14 + digits] = 0;
        var length = FolderCalls.ReadLink(link, result);
        var isOfProcesses = FolderCalls.IsOfProcesses(fd);
        _ = FolderCalls.Close(fd);
        if (length <= 0 || length >= result.Length || result[0] != '/') return -1;
        if (isOfProcesses) return ProcessPlaces.Reassign(result, length, pid, asked);
        return result[..length].EndsWith(" (deleted)"u8) ? -1 : length;
    }

    /// <summary>Opens the root of a mount namespace by one of its processes; -1 where none is known that lives.</summary>
    private int RootOf(uint mountNamespace, int pid)
    {
        ref var neighbour = ref _neighbours[mountNamespace % Neighbours];
        if (neighbour.Namespace != mountNamespace) neighbour = (mountNamespace, 0, 0);
        foreach (var candidate in (ReadOnlySpan<int>)[neighbour.Known, pid, neighbour.Parent, InitPid])
        {
            if (candidate <= 0) continue;
            var fd = TryOpenRoot(mountNamespace, candidate);
            if (fd < 0) continue;
            neighbour.Known = candidate;
            return fd;
        }

        return -1;
    }

    private static int TryOpenRoot(uint mountNamespace, int pid)
    {
        Span<byte> digits = stackalloc byte[12];
        Utf8Formatter.TryFormat(pid, digits, out var length);
        if (NamespaceOf(digits[..length]) != mountNamespace) return -1;
        Span<byte> path = stackalloc byte[40];
        Proc(digits[..length], "/root"u8, path);
        return IsTop(path) ? FolderCalls.OpenFolder(path) : -1;
    }

    /// <summary>Whether a process's root is its namespace's: then the link is a slash alone.</summary>
    private static bool IsTop(ReadOnlySpan<byte> link) => FolderCalls.ReadLink(link, stackalloc byte[2]) == 1;

    /// <summary>The number of a process's mount namespace; 0 where it cannot be read.</summary>
    private static uint NamespaceOf(ReadOnlySpan<byte> pid)
    {
        Span<byte> path = stackalloc byte[40], says = stackalloc byte[32];
        Proc(pid, "/ns/mnt"u8, path);
        var length = FolderCalls.ReadLink(path, says);
        if (length < 6 || !says.StartsWith("mnt:["u8)) return 0;
        return Utf8Parser.TryParse(says[5..length], out uint number, out _) ? number : 0;
    }

    private static void Proc(ReadOnlySpan<byte> pid, ReadOnlySpan<byte> name, Span<byte> path)
    {
        "/proc/"u8.CopyTo(path);
        pid.CopyTo(path[6..]);
        name.CopyTo(path[(6 + pid.Length)..]);
        path[6 + pid.Length + name.Length] = 0;
    }
}
