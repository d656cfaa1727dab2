using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Folders;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Decodes the records about files, whether a system call or io_uring did the work.</summary>
internal static class FileDecoder
{
    private const uint TypeBits = 0xF000;
    private const uint CharacterDevice = 0x2000;
    private const uint BlockDevice = 0x6000;
    private const uint PermissionBits = 0xFFF;
    private const uint Exchange = 2;
    private const int First = (int)EventKind.FileCreate;

    private static readonly EventRoute Uring = RecordFields.RouteOf(EventKind.Uring);
    private static readonly EventRoute[] Routes = [.. Enumerable.Range(First, 16).Select(kind => RecordFields.RouteOf((EventKind)kind))];

    /// <summary>Decodes a record of the file concern, or one of io_uring about a file.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch, FolderCache? folders = null) // hot
    {
        if (kind > RecordKind.FileNode && kind != RecordKind.Uring) return DecodeResult.Unknown;
        var size = Unsafe.SizeOf<FileRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var file = ref MemoryMarshal.AsRef<FileRecord>(bytes);
        var end = (uint)bytes.Length;
        if (!Fits(file.Target, end) || !Fits(file.TargetBase, end) || !Fits(file.Source, end) || !Fits(file.SourceBase, end)
            || !Fits(file.Root, end)) return DecodeResult.Malformed;
        ref var record = ref batch.Add((EventKind)kind);
        record.Route = kind == RecordKind.Uring ? Uring : Routes[(int)kind - First];
        if ((file.Flags & FileFlags.OnSensor) != 0) record.Flags |= EventFlags.OnSensor;
        var shift = RecordFields.CopyHeap(batch, bytes, size);
        var places = new Places(batch, bytes, folders, shift) { Flags = file.Flags };
        var (targetFrom, sourceFrom) = (file.TargetFrom, file.SourceFrom);
        var target = Path(ref places, file, file.Target, file.TargetBase, FileFollows.Target, ref targetFrom);
        var source = kind == RecordKind.FileSymlink
            ? Moved(file.Source, shift)
            : Path(ref places, file, file.Source, file.SourceBase, FileFollows.Source, ref sourceFrom);
        Names(batch, file, target, source, targetFrom, shift);
        if (file.Mode != 0) Facts(batch, file);
        else if (kind == RecordKind.FileTruncate) RecordFields.Number(batch, Fields.FileSize, file.Size);
        Asked(batch, kind, file);
        Name(batch, Fields.SettledBy, FileNames.OfCause(file.Settled));
        if (file.Settled == SettleCause.Not) Name(batch, Fields.SystemCall, CallOf(file));
        Flags(batch, kind, file, places.Flags);
        if ((file.Flags & FileFlags.OnGuard) != 0) Guard(batch, file);
        if (kind != RecordKind.FileRename || (file.Arguments[0] & Exchange) == 0) return DecodeResult.Decoded;

        // Both names have another file now: so there are two arrivals.
        batch.Add(EventKind.FileRename).Route = Routes[(int)kind - First];
        Names(batch, file, source, target, sourceFrom, shift);
        Name(batch, Fields.SystemCall, CallOf(file));
        Flags(batch, kind, file, places.Flags);
        return DecodeResult.Decoded;
    }

    private static void Names(EventBatch batch, in FileRecord file, in RecordSlice target, in RecordSlice source, PathSource from,
        int shift) // hot
    {
        RecordFields.Text(batch, Fields.TargetFilename, target, 0);
        RecordFields.Text(batch, Fields.SourceFilename, source, 0);
        if (file.TargetFrom == PathSource.Caller || file.SourceFrom == PathSource.Caller)
            RecordFields.Text(batch, Fields.RootDirectory, file.Root, shift);
        Name(batch, Fields.PathSource, FileNames.OfSource(from));
    }

    private static void Flags(EventBatch batch, RecordKind kind, in FileRecord file, FileFlags flags) // hot
    {
        if (kind == RecordKind.FileRename && file.Arguments[0] != 0)
            FlagList.Add(batch, Fields.RenameFlags, file.Arguments[0], FileNames.RenameFlags);
        if (flags != FileFlags.None) FlagList.Add(batch, Fields.FileFlags, (uint)flags, FileNames.Flags);
    }

    private static void Guard(EventBatch batch, in FileRecord file)
    {
        RecordFields.Number(batch, CallFields.TargetProcessId, file.Arguments[1]);
        batch.AddText(CallFields.TargetIsGuard, "true"u8);
    }

    private static bool Fits(in RecordSlice slice, uint end) => RecordFields.Fits(slice, Unsafe.SizeOf<FileRecord>(), end); // hot

    private static RecordSlice Moved(in RecordSlice slice, int shift) => // hot
        new() { Offset = slice.Offset + (uint)shift, Length = slice.Length };

    /// <summary>
    /// Where in the arena the path lies: as the kernel gave it, or made of what the caller wrote. A name below an open folder or the
    /// working one is true; folders before it are looked up, for one of them may be a symbolic link.
    /// </summary>
    private static RecordSlice Path(ref Places places, in FileRecord file, in RecordSlice text, in RecordSlice from, FileFollows side,
        ref PathSource source) // hot
    {
        var cut = side == FileFollows.Target ? FileFlags.TargetCut : FileFlags.SourceCut;
        if (source == PathSource.Dentry && from.Length == 0) return Moved(text, places.Shift);
        var written = RecordFields.BytesOf(places.Bytes, text);
        if (source == PathSource.None || (written.IsEmpty && from.Length == 0)) return default;
        var ofRoot = source == PathSource.Caller;
        var before = RecordFields.BytesOf(places.Bytes, ofRoot ? file.Root : from);
        var root = RootOf(RecordFields.BytesOf(places.Bytes, file.Root), before);
        var name = written.TrimEnd((byte)'/');
        var slash = name.LastIndexOf((byte)'/');
        if ((file.Follows & side) != 0 && !name.IsEmpty && TryFind(places, file, before, root, written, ofRoot, true, cut, out var leads))
        {
            var literal = Joined(places.Batch, before, written, !before.IsEmpty || written.StartsWith("/"u8), root);
            if (slash <= 0 && places.Batch.Bytes((int)literal.Offset, (int)literal.Length).SequenceEqual(leads)) return literal;
            source = PathSource.Resolved;
            return new RecordSlice { Offset = (uint)places.Batch.Append(leads), Length = (uint)leads.Length };
        }

        if (slash > 0 || name is [.., (byte)'.'] && IsDots(name[(slash + 1)..]))
        {
            if (slash > 0 && !IsDots(name[(slash + 1)..])
                && TryFind(places, file, before, root, name[..slash], ofRoot, false, cut, out var folder))
            {
                source = PathSource.Resolved;
                return Joined(places.Batch, folder, name[(slash + 1)..], true, 0);
            }

            places.Flags |= FileFlags.Unresolved;
        }

        return Joined(places.Batch, before, written, !before.IsEmpty || written.StartsWith("/"u8), root);
    }

    /// <summary>How much of a path is the caller's root, which <c>..</c> does not leave: all of the root, or nothing.</summary>
    private static int RootOf(ReadOnlySpan<byte> root, ReadOnlySpan<byte> before) => // hot
        root.Length > 0 && before.StartsWith(root) && (before.Length == root.Length || before[root.Length] == '/') ? root.Length : 0;

    /// <summary>
    /// The folder, or any file, that a string of the caller names. What begins nowhere, or lacks its beginning, is not looked for.
    /// </summary>
    private static bool TryFind(in Places places, in FileRecord file, ReadOnlySpan<byte> before, int root, ReadOnlySpan<byte> text,
        bool ofRoot, bool any, FileFlags cut, out ReadOnlySpan<byte> found) // hot
    {
        found = default;
        if (places.Folders is not { } folders || (ofRoot && text[0] != '/')) return false;
        if ((file.Flags & (cut | FileFlags.TextCut | FileFlags.TextUnread)) != 0) return false;
        var pid = (int)file.Header.Process.Tgid;
        return any
            ? folders.TryFindAny(file.MountNamespace, pid, before[..root], before[root..], text, out found)
            : folders.TryFind(file.MountNamespace, pid, before[..root], before[root..], text, out found);
    }

    private static bool IsDots(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.']; // hot

    private static RecordSlice Joined(EventBatch batch, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text, bool absolute,
        int root) // hot
    {
        var room = batch.Reserve(before.Length + text.Length + 2, out var at);
        return new RecordSlice { Offset = (uint)at, Length = (uint)PathText.Join(before, text, absolute, root, room) };
    }

    /// <summary>What the paths of a record are made with, and what is unusual about it so far.</summary>
    private ref struct Places(EventBatch batch, ReadOnlySpan<byte> bytes, FolderCache? folders, int shift)
    {
        public readonly EventBatch Batch = batch;
        public readonly ReadOnlySpan<byte> Bytes = bytes;
        public readonly FolderCache? Folders = folders;
        public readonly int Shift = shift;
        public FileFlags Flags;
    }

    /// <summary>What the file is like, from its inode.</summary>
    private static void Facts(EventBatch batch, in FileRecord file) // hot
    {
        RecordFields.Number(batch, Fields.FileInode, file.Inode);
        Device(batch, file.Device);
        Name(batch, Fields.FileType, FileNames.OfType(file.Mode & TypeBits));
        RecordFields.Digits(batch, Fields.FileMode, file.Mode & PermissionBits, 3);
        RecordFields.Number(batch, Fields.FileOwner, file.Uid);
        RecordFields.Number(batch, Fields.FileGroup, file.Gid);
        RecordFields.Number(batch, Fields.FileSize, file.Size);
    }

    /// <summary>What the caller asked for.</summary>
    private static void Asked(EventBatch batch, RecordKind kind, in FileRecord file) // hot
    {
        var (first, second) = (file.Arguments[0], file.Arguments[1]);
        switch (kind)
        {
            // mknod makes files, too, and then has no open one.
            case RecordKind.FileCreate or RecordKind.FileOpen or RecordKind.FileAccess
                when file.Mode != 0 || (file.Flags & FileFlags.Gone) != 0:
                OpenFlagNames.Add(batch, first);
                break;
            case RecordKind.FileMode or RecordKind.DirectoryCreate or RecordKind.FileNode or RecordKind.FileCreate:
                RecordFields.Digits(batch, Fields.NewMode, first & PermissionBits, 3);
                if (kind != RecordKind.FileNode) break;
                Name(batch, Fields.FileType, FileNames.OfType(first & TypeBits));
                // The caller's number has the minor around the major.
                if ((first & TypeBits) is CharacterDevice or BlockDevice)
                    Device(batch, (second >> 8 & 0xFFF) << 20 | (second & 0xFF) | (second >> 12 & 0xFFF00));
                break;
            case RecordKind.FileOwner:
                if (first != uint.MaxValue) RecordFields.Number(batch, Fields.NewOwner, first);
                if (second != uint.MaxValue) RecordFields.Number(batch, Fields.NewGroup, second);
                break;
        }
    }

    private static void Device(EventBatch batch, uint device) // hot
    {
        Span<byte> text = stackalloc byte[24];
        System.Buffers.Text.Utf8Formatter.TryFormat(device >> 20, text, out var major);
        text[major] = (byte)':';
        System.Buffers.Text.Utf8Formatter.TryFormat(device & 0xFFFFF, text[(major + 1)..], out var minor);
        batch.AddText(Fields.FileDevice, text[..(major + 1 + minor)]);
    }

    private static void Name(EventBatch batch, FieldId field, ReadOnlySpan<byte> name) // hot
    {
        if (!name.IsEmpty) batch.AddText(field, name);
    }

    private static ReadOnlySpan<byte> CallOf(in FileRecord file) => (file.Flags & FileFlags.ByUring) != 0 // hot
        ? UringNames.Of(file.Call)
        : CallNames.Of(file.Call, (file.Flags & FileFlags.ThroughCompat) != 0);
}
