using System.Numerics;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Folders;

/// <summary>
/// Where the folders are that callers named by strings, remembered for a moment: long enough that a busy folder is looked up a
/// hundred times a second, short enough that one that was replaced by a symbolic link is known anew. Bounded in memory and in look-ups.
/// </summary>
/// <remarks>Not thread-safe: one per reader.</remarks>
internal sealed class FolderCache
{
    /// <summary>How long an answer holds.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMilliseconds(10);

    /// <summary>Look-ups in one <see cref="Validity"/>: at some 3 us each, at most 6 % of a core.</summary>
    public const int MostLookups = 200;

    private const int Slots = 256;
    private const int Longest = 512;
    private const int PathMax = 4096;

    private readonly IFolderLookup _lookup;
    private readonly TimeProvider _time;
    private readonly long _validity;
    private readonly Slot[] _slots = new Slot[Slots];
    private readonly byte[] _keys = new byte[Slots * Longest];
    private readonly byte[] _results = new byte[Slots * Longest];
    private readonly byte[] _key = new byte[(3 * PathMax) + 8];
    private readonly byte[] _found = new byte[PathMax];
    private long _windowEnd = long.MinValue;
    private int _lookups;

    /// <summary>An empty one.</summary>
    public FolderCache(IFolderLookup lookup, TimeProvider time)
    {
        _lookup = lookup;
        _time = time;
        _validity = (long)(Validity.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Says of a process that it may live in a mount namespace.</summary>
    public void Learn(uint mountNamespace, int pid) => _lookup.Learn(mountNamespace, pid); // hot

    /// <summary>
    /// The folder <paramref name="text"/> below <paramref name="from"/>; false where it cannot be found, or too many are looked for. The
    /// path is valid until the next call.
    /// </summary>
    /// <param name="mountNamespace">The caller's mount namespace.</param>
    /// <param name="pid">The caller.</param>
    /// <param name="root">The caller's root where that is not the namespace's and the text begins there; empty else.</param>
    /// <param name="from">Where the text begins, from the namespace's root; empty for the root itself.</param>
    /// <param name="text">What the caller wrote, without the last name.</param>
    /// <param name="path">The path.</param>
    public bool TryFind(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> from, ReadOnlySpan<byte> text,
        out ReadOnlySpan<byte> path) // hot
    {
        path = default;
        if (root.Length + from.Length + text.Length + 8 > _key.Length) return false;
        MemoryMarshal.Write(_key, mountNamespace);
        var length = sizeof(uint);
        root.CopyTo(_key.AsSpan(length));
        length += root.Length;
        _key[length++] = 0;
        var folder = length;
        from.CopyTo(_key.AsSpan(length));
        length += from.Length;
        _key[length++] = (byte)'/';
        text.CopyTo(_key.AsSpan(length));
        length += text.Length;
        var key = _key.AsSpan(0, length);
        var now = _time.GetTimestamp();
        var at = (int)(HashOf(key) % Slots);
        ref var slot = ref _slots[at];
        if (slot.KeyLength == length && now - slot.Since < _validity && key.SequenceEqual(_keys.AsSpan(at * Longest, length)))
        {
            path = _results.AsSpan(at * Longest, Math.Max(slot.ResultLength, 0));
            return slot.ResultLength > 0;
        }

        if (!MayLookUp(now)) return false;
        _key[length] = 0;
        var found = _lookup.Find(mountNamespace, pid, root, _key.AsSpan(folder, length + 1 - folder), _found);
        path = _found.AsSpan(0, Math.Max(found, 0));
        // What lies below /proc may be another place for each caller.
        if (length > Longest || found > Longest || path.StartsWith("/proc"u8) || text.StartsWith("/proc"u8)) return found > 0;
        key.CopyTo(_keys.AsSpan(at * Longest));
        path.CopyTo(_results.AsSpan(at * Longest));
        slot = new Slot { KeyLength = length, ResultLength = found, Since = now };
        return found > 0;
    }

    /// <summary>The same for any file, by way of a symbolic link at the end; not remembered, since files are many.</summary>
    public bool TryFindAny(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> from, ReadOnlySpan<byte> text,
        out ReadOnlySpan<byte> path) // hot
    {
        path = default;
        if (from.Length + text.Length + 2 > _key.Length || !MayLookUp(_time.GetTimestamp())) return false;
        from.CopyTo(_key);
        _key[from.Length] = (byte)'/';
        text.CopyTo(_key.AsSpan(from.Length + 1));
        var length = from.Length + 1 + text.Length;
        _key[length++] = 0;
        var found = _lookup.FindAny(mountNamespace, pid, root, _key.AsSpan(0, length), _found);
        if (found > 0) path = _found.AsSpan(0, found);
        return found > 0;
    }

    private bool MayLookUp(long now) // hot
    {
        if (now - _windowEnd >= 0 || _windowEnd == long.MinValue)
        {
            _windowEnd = now + _validity;
            _lookups = 0;
        }

        return _lookups++ < MostLookups;
    }

    private static uint HashOf(ReadOnlySpan<byte> key) // hot
    {
        uint hash = 0;
        while (key.Length >= sizeof(ulong))
        {
            hash = BitOperations.Crc32C(hash, MemoryMarshal.Read<ulong>(key));
            key = key[sizeof(ulong)..];
        }

        foreach (var b in key) hash = BitOperations.Crc32C(hash, b);
        return hash;
    }

    private struct Slot
    {
        public long Since;
        public int KeyLength;
        public int ResultLength;
    }
}
