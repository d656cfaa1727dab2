using System.Buffers.Binary;

namespace Picket.Sensors.OwnFiles.Native;

/// <summary>
/// Walks what was read of a fanotify group that reports folders and names (linux/fanotify.h). Bytes that contradict themselves end
/// the walk: nothing behind them can be found.
/// </summary>
internal ref struct FanotifyRecords(ReadOnlySpan<byte> bytes)
{
    private const int HeaderBytes = 24;
    private const int FsidBytes = 8, HandleHeaderBytes = 8, InfoHeaderBytes = 4;
    private const byte Version = 3;
    private const byte FolderAndName = 2;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether the walk ended before the bytes did.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The next event.</summary>
    public bool MoveNext(out FanotifyRecord record)
    {
        record = default;
        if (_rest.IsEmpty) return false;
        IsDamaged = !TryRead(_rest, out record, out var length);
        _rest = IsDamaged ? default : _rest[length..];
        return !IsDamaged;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out FanotifyRecord record, out int length)
    {
        record = default;
        length = 0;
        if (bytes.Length < HeaderBytes || bytes[4] != Version) return false;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var header = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (header < HeaderBytes || size < header || size > (uint)bytes.Length) return false;
        length = (int)size;
        if (!TryReadInfo(bytes[header..length], out var folder, out var name)) return false;
        record = new FanotifyRecord
        {
            Mask = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            Pid = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            Folder = folder,
            Name = name,
        };
        return true;
    }

    /// <summary>Information of other kinds is stepped over: a newer kernel may add some.</summary>
    private static bool TryReadInfo(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name)
    {
        folder = name = default;
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < InfoHeaderBytes) return false;
            int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (size < InfoHeaderBytes || size > bytes.Length) return false;
            if (bytes[0] == FolderAndName && !TryReadName(bytes[InfoHeaderBytes..size], out folder, out name)) return false;
            bytes = bytes[size..];
        }

        return true;
    }

    private static bool TryReadName(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name)
    {
        folder = name = default;
        if (bytes.Length < FsidBytes + HandleHeaderBytes) return false;
        var handle = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FsidBytes..]);
        if (handle > (uint)(bytes.Length - FsidBytes - HandleHeaderBytes)) return false;
        folder = bytes[..(FsidBytes + HandleHeaderBytes + (int)handle)];
        name = bytes[folder.Length..];
        var end = name.IndexOf((byte)0);
        if (end < 0) return false;
        name = name[..end];
        if (name.SequenceEqual("."u8)) name = default;
        return true;
    }
}
