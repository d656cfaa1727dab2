using System.Text;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.OwnFiles.Native;

namespace Picket.Sensors.OwnFiles;

/// <summary>
/// Tells what others do to the node's own files, by the kernel's fanotify: it names the process, and works while the kernel's sensor is
/// blind. The kernel adds up equal changes between two looks, so that what the node itself writes costs it a look a second and
/// no more. It outlives the actor that looks: changes meanwhile wait in the kernel. Looked at by one thread at a time.
/// </summary>
public sealed unsafe class FileWatch : IDisposable
{
    private const int BufferBytes = 64 * 1024, ReadsALook = 64;

    /// <summary>Folders below one place; beyond, the place is said to be watched in part.</summary>
    private const int MostFolders = 4096;

    private readonly IReadOnlyList<WatchedPlace> _places;
    private readonly int _self = Environment.ProcessId;
    private readonly SafeFileHandle? _group;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<string, Folder> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Folder> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unwatched = new(StringComparer.Ordinal);
    private List<KeyValuePair<string, string>> _said = [];
    private long _own;
    private long _others;
    private long _overflows;

    /// <summary>Begins to watch.</summary>
    /// <param name="places">Where the files are; of places that share a file the first one has it.</param>
    public FileWatch(params IReadOnlyList<WatchedPlace> places)
    {
        _places = [.. places.Select(place => place with { Folder = Path.TrimEndingDirectorySeparator(place.Folder) })];
        var group = FanotifyLibc.Open(out var errno);
        if (errno == 0) _group = group;
        else
        {
            group.Dispose();
            _unwatched[""] = $"the kernel's fanotify cannot be had: {Words(errno)}";
        }

        Refresh();
    }

    /// <summary>Whether another process is a part of the node, whose changes are its own.</summary>
    public Func<int, bool> IsOwn { get; init; } = static _ => false;

    /// <summary>Changes by the node itself, as the kernel added them up.</summary>
    public long Own => Interlocked.Read(ref _own);

    /// <summary>Changes by others, as the kernel added them up.</summary>
    public long Others => Interlocked.Read(ref _others);

    /// <summary>How often the kernel's queue was full, so that changes were not told.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Folders that are watched.</summary>
    public int Folders { get; private set; }

    /// <summary>What is not watched on this host, each with the reason; an empty path is everything.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Unwatched => _said;

    /// <summary>A look: what others did since the last one.</summary>
    public IReadOnlyList<FileTouch> Look()
    {
        if (_group is null || _group.IsClosed) return [];
        Dictionary<(string Path, int Pid), FileTouch>? touches = null;
        var moved = false;
        for (var i = 0; i < ReadsALook; i++)
        {
            nint count;
            fixed (byte* into = _buffer) count = FanotifyLibc.Read(_group, into, BufferBytes);
            if (count <= 0) break;
            var records = new FanotifyRecords(_buffer.AsSpan(0, (int)count));
            while (records.MoveNext(out var record)) Take(record, ref touches, ref moved);
            if (records.IsDamaged) Overflow(ref moved);
        }

        IReadOnlyList<FileTouch> covered = moved ? Refresh() : [];
        return touches is null ? covered : [.. touches.Values, .. covered];
    }

    /// <summary>
    /// Watches what is new and what is another folder by now: cheap where nothing changed, and called now and then.
    /// </summary>
    /// <returns>Folders in whose place another one lies, although nobody removed or renamed the one before.</returns>
    public IReadOnlyList<FileTouch> Refresh()
    {
        List<FileTouch>? covered = null;
        if (_group is { IsClosed: false })
        {
            _unwatched.Clear();
            foreach (var path in _places.Select(place => place.Folder).Union(_byPath.Keys).ToList()) Watch(path, ref covered);
        }

        Folders = _byPath.Count;
        _said = [.. _unwatched];
        return covered ?? (IReadOnlyList<FileTouch>)[];
    }

    /// <inheritdoc/>
    public void Dispose() => _group?.Dispose();

    private void Take(in FanotifyRecord record, ref Dictionary<(string, int), FileTouch>? touches, ref bool moved)
    {
        if ((record.Mask & FanotifyLibc.Overflow) != 0)
        {
            Overflow(ref moved);
            return;
        }

        // A folder that is not in its place any more has told so by its last event.
        if (!_byKey.TryGetValue(Convert.ToHexString(record.Folder), out var folder)) return;
        var name = Encoding.UTF8.GetString(record.Name);
        if (name.Length == 0 && (record.Mask & (FanotifyLibc.DeleteSelf | FanotifyLibc.MoveSelf)) != 0) folder.IsGone = moved = true;
        var isNew = (record.Mask & FanotifyLibc.OnFolder) != 0 && (record.Mask & (FanotifyLibc.Create | FanotifyLibc.MovedTo)) != 0;
        if (isNew && name.Length > 0) WatchNew($"{folder.Path}/{name}");
        if (IsToldByParent(folder, record.Mask, name) || PlaceOf(folder.Path, name) is not { } place) return;
        if (record.Pid == _self || IsOwn(record.Pid))
        {
            Interlocked.Increment(ref _own);
            return;
        }

        Interlocked.Increment(ref _others);
        var path = name.Length == 0 ? folder.Path : $"{folder.Path}/{name}";
        touches ??= [];
        var before = touches.GetValueOrDefault((path, record.Pid))?.Acts ?? FileActs.None;
        touches[(path, record.Pid)] = new FileTouch(path, place.Area, before | ActsOf(record.Mask), record.Pid);
    }

    /// <summary>
    /// A removed folder's own last event comes from whoever lets go of it last, which may be a process that only had it open. The folder
    /// above it, where that one is watched, tells who removed it.
    /// </summary>
    private bool IsToldByParent(Folder folder, ulong mask, string name)
    {
        if (name.Length > 0 || (mask & ~FanotifyLibc.OnFolder) != FanotifyLibc.DeleteSelf) return false;
        var parent = Path.GetDirectoryName(folder.Path);
        return parent is not null && _byPath.ContainsKey(parent) && PlaceOf(parent, Path.GetFileName(folder.Path)) is not null;
    }

    /// <summary>What was not told may have been that a folder was replaced.</summary>
    private void Overflow(ref bool moved)
    {
        Interlocked.Increment(ref _overflows);
        foreach (var folder in _byPath.Values) folder.IsGone = true;
        moved = true;
    }

    private WatchedPlace? PlaceOf(string folder, string name)
    {
        foreach (var place in _places)
        {
            if (place.Has(folder, name)) return place;
        }

        return null;
    }

    private void WatchNew(string path)
    {
        List<FileTouch>? covered = null;
        if (PlaceOf(path, "") is not null) Watch(path, ref covered);
        Folders = _byPath.Count;
    }

    /// <summary>Watches a folder, and where it was not watched before those below it.</summary>
    private void Watch(string path, ref List<FileTouch>? covered)
    {
        var place = PlaceOf(path, "")!;
        var known = _byPath.GetValueOrDefault(path);
        var errno = FanotifyLibc.TryName(path, out var key);
        if (errno == 0) errno = FanotifyLibc.Mark(_group!, path);
        if (errno != 0)
        {
            // Below a place folders come and go; a place itself may come later.
            if (known is not null) Forget(known);
            if (path == place.Folder && errno != FanotifyLibc.NotThere) _unwatched[path] = Words(errno);
            return;
        }

        if (known is not null && known.Key != key)
        {
            if (!known.IsGone) (covered ??= []).Add(new FileTouch(path, place.Area, FileActs.Covered, 0));
            Forget(known);
            known = null;
        }

        known ??= _byPath[path] = _byKey[key] = new Folder(path, key);
        known.IsGone = false;
        if (known.IsWalked || !_places.Any(other => other.IsWhole && other.Has(path, ""))) return;
        known.IsWalked = true;
        foreach (var below in Below(path))
        {
            if (_byPath.Count >= MostFolders)
            {
                _unwatched[place.Folder] = $"there are more than {MostFolders} folders";
                return;
            }

            Watch(below, ref covered);
        }
    }

    private void Forget(Folder folder)
    {
        _byPath.Remove(folder.Path);
        if (_byKey.GetValueOrDefault(folder.Key) == folder) _byKey.Remove(folder.Key);
    }

    private static string[] Below(string path)
    {
        try
        {
            return Directory.GetDirectories(path, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static FileActs ActsOf(ulong mask) =>
        Act(mask, FanotifyLibc.Modify, FileActs.Written) | Act(mask, FanotifyLibc.CloseWrite, FileActs.Opened)
        | Act(mask, FanotifyLibc.Create, FileActs.Created) | Act(mask, FanotifyLibc.Delete | FanotifyLibc.DeleteSelf, FileActs.Deleted)
        | Act(mask, FanotifyLibc.MovedFrom | FanotifyLibc.MoveSelf, FileActs.RenamedAway)
        | Act(mask, FanotifyLibc.MovedTo, FileActs.RenamedHere) | Act(mask, FanotifyLibc.Attrib, FileActs.Attributes);

    private static FileActs Act(ulong mask, ulong bits, FileActs act) => (mask & bits) != 0 ? act : FileActs.None;

    private static string Words(int errno) => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno);

    private sealed class Folder(string path, string key)
    {
        public string Path { get; } = path;

        public string Key { get; } = key;

        /// <summary>Whether it was said to be removed or renamed, so that another one in its place is no wonder.</summary>
        public bool IsGone { get; set; }

        /// <summary>Whether the folders below it are watched.</summary>
        public bool IsWalked { get; set; }
    }
}
