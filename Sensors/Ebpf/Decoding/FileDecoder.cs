using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
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
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        var size = Unsafe.SizeOf<FileRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var file = ref MemoryMarshal.AsRef<FileRecord>(bytes);
        var end = (uint)bytes.Length;
        if (!Fits(file.Target, end) || !Fits(file.TargetBase, end) || !Fits(file.Source, end) || !Fits(file.SourceBase, end)
            || !Fits(file.Root, end)) return DecodeResult.Malformed;
        if (kind > RecordKind.FileNode && kind != RecordKind.Uring) return DecodeResult.Unknown;
        batch.Add((EventKind)kind).Route = kind == RecordKind.Uring ? Uring : Routes[(int)kind - First];
        var shift = RecordFields.CopyHeap(batch, bytes, size);
        RecordFields.Text(batch, Fields.TargetFilename, Path(batch, bytes, file.Target, file.TargetBase, file.Root, file.TargetFrom, shift),
            0);
        var source = kind == RecordKind.FileSymlink
            ? Moved(file.Source, shift)
            : Path(batch, bytes, file.Source, file.SourceBase, file.Root, file.SourceFrom, shift);
        RecordFields.Text(batch, Fields.SourceFilename, source, 0);
        RecordFields.Text(batch, Fields.RootDirectory, file.Root, shift);
        Name(batch, Fields.PathSource, FileNames.OfSource(file.TargetFrom));
        if (file.Mode != 0) Facts(batch, file);
        else if (kind == RecordKind.FileTruncate) RecordFields.Number(batch, Fields.FileSize, file.Size);
        Asked(batch, kind, file);
        Name(batch, Fields.SettledBy, FileNames.OfCause(file.Settled));
        if (file.Settled == SettleCause.Not) Name(batch, Fields.SystemCall, CallOf(file));
        if (file.Flags != FileFlags.None) FlagList.Add(batch, Fields.FileFlags, (uint)file.Flags, FileNames.Flags);
        return DecodeResult.Decoded;
    }

    private static bool Fits(in RecordSlice slice, uint end) => RecordFields.Fits(slice, Unsafe.SizeOf<FileRecord>(), end); // hot

    /// <summary>What lies in a slice; the offset of an empty one says nothing.</summary>
    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> bytes, in RecordSlice slice) => // hot
        slice.Length == 0 ? default : bytes.Slice((int)slice.Offset, (int)slice.Length);

    private static RecordSlice Moved(in RecordSlice slice, int shift) => // hot
        new() { Offset = slice.Offset + (uint)shift, Length = slice.Length };

    /// <summary>Where in the arena the path lies: as the kernel gave it, or made of what the caller wrote.</summary>
    private static RecordSlice Path(EventBatch batch, ReadOnlySpan<byte> bytes, in RecordSlice text, in RecordSlice from,
        in RecordSlice root, PathSource source, int shift) // hot
    {
        if (source == PathSource.Dentry && from.Length == 0) return Moved(text, shift);
        var written = BytesOf(bytes, text);
        if (source == PathSource.None || (written.IsEmpty && from.Length == 0)) return default;
        var start = source == PathSource.Caller ? root : from;
        var before = BytesOf(bytes, start);
        var absolute = !before.IsEmpty || written.StartsWith("/"u8);
        var room = batch.Reserve(before.Length + written.Length + 2, out var at);
        var length = PathText.Join(before, written, absolute, source == PathSource.Caller, room);
        return new RecordSlice { Offset = (uint)at, Length = (uint)length };
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
