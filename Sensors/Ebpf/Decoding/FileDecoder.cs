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
    private const int First = (int)EventKind.FileCreate;

    private static readonly EventRoute Uring = RecordFields.RouteOf(EventKind.Uring);
    private static readonly EventRoute[] Routes = [.. Enumerable.Range(First, 16).Select(kind => RecordFields.RouteOf((EventKind)kind))];

    /// <summary>Decodes a record of the file concern, or one of io_uring about a file.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch, FolderCache? folders = null) // hot
    {
        var size = Unsafe.SizeOf<FileRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var file = ref MemoryMarshal.AsRef<FileRecord>(bytes);
        var end = (uint)bytes.Length;
        if (!Fits(file.Target, end) || !Fits(file.TargetBase, end) || !Fits(file.Source, end) || !Fits(file.SourceBase, end)
            || !Fits(file.Root, end)) return DecodeResult.Malformed;
        if (kind > RecordKind.FileNode && kind != RecordKind.Uring) return DecodeResult.Unknown;
        ref var record = ref batch.Add((EventKind)kind);
        record.Route = kind == RecordKind.Uring ? Uring : Routes[(int)kind - First];
        if ((file.Flags & FileFlags.OnSensor) != 0) record.Flags |= EventFlags.OnSensor;
        var shift = RecordFields.CopyHeap(batch, bytes, size);
        var places = new Places(batch, bytes, folders, shift) { Flags = file.Flags };
        var (targetFrom, sourceFrom) = (file.TargetFrom, file.SourceFrom);
        var target = Path(ref places, file, file.Target, file.TargetBase, FileFlags.TargetCut, ref targetFrom);
        RecordFields.Text(batch, Fields.TargetFilename, target, 0);
        var source = kind == RecordKind.FileSymlink
            ? Moved(file.Source, shift)
            : Path(ref places, file, file.Source, file.SourceBase, FileFlags.SourceCut, ref sourceFrom);
        RecordFields.Text(batch, Fields.SourceFilename, source, 0);
        RecordFields.Text(batch, Fields.RootDirectory, file.Root, shift);
        Name(batch, Fields.PathSource, FileNames.OfSource(targetFrom));
        if (file.Mode != 0) Facts(batch, file);
        else if (kind == RecordKind.FileTruncate) RecordFields.Number(batch, Fields.FileSize, file.Size);
        Asked(batch, kind, file);
        Name(batch, Fields.SettledBy, FileNames.OfCause(file.Settled));
        if (file.Settled == SettleCause.Not) Name(batch, Fields.SystemCall, CallOf(file));
        if (places.Flags != FileFlags.None) FlagList.Add(batch, Fields.FileFlags, (uint)places.Flags, FileNames.Flags);
        return DecodeResult.Decoded;
    }

    private static bool Fits(in RecordSlice slice, uint end) => RecordFields.Fits(slice, Unsafe.SizeOf<FileRecord>(), end); // hot

    /// <summary>What lies in a slice; the offset of an empty one says nothing.</summary>
    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> bytes, in RecordSlice slice) => // hot
        slice.Length == 0 ? default : bytes.Slice((int)slice.Offset, (int)slice.Length);

    private static RecordSlice Moved(in RecordSlice slice, int shift) => // hot
        new() { Offset = slice.Offset + (uint)shift, Length = slice.Length };

    /// <summary>
    /// Where in the arena the path lies: as the kernel gave it, or made of what the caller wrote. A name below an open folder or the
    /// working one is true; folders before it are looked up, for one of them may be a symbolic link.
    /// </summary>
    private static RecordSlice Path(ref Places places, in FileRecord file, in RecordSlice text, in RecordSlice from, FileFlags cut,
        ref PathSource source) // hot
    {
        if (source == PathSource.Dentry && from.Length == 0) return Moved(text, places.Shift);
        var written = BytesOf(places.Bytes, text);
        if (source == PathSource.None || (written.IsEmpty && from.Length == 0)) return default;
        var ofRoot = source == PathSource.Caller;
        var before = BytesOf(places.Bytes, ofRoot ? file.Root : from);
        var name = written.TrimEnd((byte)'/');
        var slash = name.LastIndexOf((byte)'/');
        if (slash > 0 || name is [.., (byte)'.'] && IsDots(name[(slash + 1)..]))
        {
            if (TryFind(places, file, before, name, slash, ofRoot, cut, out var folder))
            {
                source = PathSource.Resolved;
                return Joined(places.Batch, folder, name[(slash + 1)..], true, false);
            }

            places.Flags |= FileFlags.Unresolved;
        }

        return Joined(places.Batch, before, written, !before.IsEmpty || written.StartsWith("/"u8), ofRoot);
    }

    /// <summary>The folder that the caller's string names. What begins nowhere, or lacks its beginning, is not looked for.</summary>
    private static bool TryFind(in Places places, in FileRecord file, ReadOnlySpan<byte> before, ReadOnlySpan<byte> name, int slash,
        bool ofRoot, FileFlags cut, out ReadOnlySpan<byte> folder) // hot
    {
        folder = default;
        if (places.Folders is not { } folders || slash <= 0 || IsDots(name[(slash + 1)..])) return false;
        if ((file.Flags & (cut | FileFlags.TextCut | FileFlags.TextUnread)) != 0 || (ofRoot && name[0] != '/')) return false;
        var text = name[..slash];
        return folders.TryFind(file.MountNamespace, (int)file.Header.Process.Tgid, ofRoot ? before : default, ofRoot ? default : before,
            text, out folder);
    }

    private static bool IsDots(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.']; // hot

    private static RecordSlice Joined(EventBatch batch, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text, bool absolute,
        bool rooted) // hot
    {
        var room = batch.Reserve(before.Length + text.Length + 2, out var at);
        return new RecordSlice { Offset = (uint)at, Length = (uint)PathText.Join(before, text, absolute, rooted, room) };
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
