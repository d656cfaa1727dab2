using System.Buffers.Binary;

namespace Picket.Detection.Events.Journal;

/// <summary>
/// How far one reader has come, in two slots written in turn: a write that is cut short leaves the other slot, which holds the
/// position before.
/// </summary>
internal sealed class PositionFile : IDisposable
{
    internal const string Extension = ".position";

    private const int SlotSize = 24;
    private const int SecondSlot = 512; // another sector than the first
    private const long Salt = 0x504F534954494F4E; // keeps a slot from being valid as anything else

    private readonly IFileSpace _files;
    private readonly string _path;
    private readonly byte[] _slot = new byte[SlotSize];
    private IFileHandle? _file;
    private long _turn;

    private PositionFile(IFileSpace files, string path)
    {
        _files = files;
        _path = path;
    }

    /// <summary>The position that the file held; -1 when it held none.</summary>
    internal long Loaded { get; private set; } = -1;

    /// <summary>Whether the file has bytes but no valid slot.</summary>
    internal bool IsDamaged { get; private set; }

    internal static PositionFile Load(IFileSpace files, string path)
    {
        var position = new PositionFile(files, path);
        if (!files.Exists(path)) return position;
        position._file = files.Open(path, write: true);
        position.ReadSlot(0);
        position.ReadSlot(SecondSlot);
        position.IsDamaged = position.Loaded < 0 && position._file.Length > 0;
        return position;
    }

    /// <summary>Writes <paramref name="address"/> into the older slot; false when the disk refused.</summary>
    internal bool Save(long address, bool sync)
    {
        _file ??= _files.TryCreate(_path, groupReadable: false);
        if (_file is null) return false;
        BinaryPrimitives.WriteInt64LittleEndian(_slot, _turn + 1);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), address);
        BinaryPrimitives.WriteUInt32LittleEndian(_slot.AsSpan(16), JournalFrame.Sum(Salt, _slot.AsSpan(0, 16)));
        if (_file.Write((_turn & 1) == 0 ? SecondSlot : 0, _slot) != WriteOutcome.Done) return false;
        _turn++;
        return !sync || _file.Sync();
    }

    public void Dispose() => _file?.Dispose();

    private void ReadSlot(long offset)
    {
        Span<byte> slot = stackalloc byte[SlotSize];
        if (_file!.Read(offset, slot) < SlotSize) return;
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot[16..]) != JournalFrame.Sum(Salt, slot[..16])) return;
        var turn = BinaryPrimitives.ReadInt64LittleEndian(slot);
        if (turn <= _turn) return;
        _turn = turn;
        Loaded = BinaryPrimitives.ReadInt64LittleEndian(slot[8..]);
    }
}
