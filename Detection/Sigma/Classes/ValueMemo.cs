using System.Runtime.CompilerServices;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// The classes of values that came before. Bounded: it doubles while it is used to its full, up to a limit, and then begins anew. Keys are
/// compared whole. Belongs to one engine.
/// </summary>
/// <param name="mostSlots">How many values there is room for at most; a power of two.</param>
internal sealed class ValueMemo(int mostSlots)
{
    /// <summary>The longest value that is remembered, in bytes: one that is longer seldom comes again.</summary>
    public const int Longest = 1024;

    /// <summary>How many values there is room for at first.</summary>
    public const int FirstSlots = 1 << 9;

    private const int Ways = 4;
    private const int BytesPerSlot = 128;

    private ulong[] _hashes = new ulong[FirstSlots];
    private Slot[] _slots = new Slot[FirstSlots];
    private byte[] _bytes = new byte[FirstSlots * BytesPerSlot];
    private int _used;
    private int _replaced;

    /// <summary>The class of the value, or -1.</summary>
    /// <param name="place">Which question the value answers: only within one place are values alike.</param>
    /// <param name="value">The value's bytes, <see cref="Longest"/> at most.</param>
    /// <param name="hash">What <see cref="Add"/> wants to know.</param>
    /// <param name="last">What <see cref="FindLast"/> wants to know.</param>
    public int Find(int place, ReadOnlySpan<byte> value, out ulong hash, ref int last) // hot
    {
        hash = SeededHash.Of(place, value) | 1;
        var first = First(hash);
        var hashes = _hashes.AsSpan(first, Ways);
        for (var way = 0; way < hashes.Length; way++)
        {
            if (hashes[way] != hash) continue;
            ref readonly var slot = ref _slots[first + way];
            if (slot.Place == place && value.SequenceEqual(_bytes.AsSpan(slot.Start, slot.Length)))
            {
                last = first + way;
                return slot.Class;
            }
        }

        return -1;
    }

    /// <summary>The class of the value if it is the one that was met last at this place, or -1: many fields hardly ever change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindLast(int place, ReadOnlySpan<byte> value, int last) // hot
    {
        ref readonly var slot = ref _slots[last & (_slots.Length - 1)];
        return slot.Place == place && value.SequenceEqual(_bytes.AsSpan(slot.Start, slot.Length)) ? slot.Class : -1;
    }

    /// <summary>Remembers the class of a value that <see cref="Find"/> did not know.</summary>
    public void Add(int place, ReadOnlySpan<byte> value, ulong hash, int number) // hot
    {
        if (value.Length > _bytes.Length - _used || _replaced > _slots.Length / 2) MakeRoom();
        var first = First(hash);
        var way = 0;
        while (way < Ways && _hashes[first + way] != 0) way++;
        if (way == Ways)
        {
            way = (int)(hash >> 40) & (Ways - 1);
            _replaced++;
        }

        value.CopyTo(_bytes.AsSpan(_used));
        _hashes[first + way] = hash;
        _slots[first + way] = new Slot(place, _used, value.Length, number);
        _used += value.Length;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_hashes);
        Array.Clear(_slots);
        _used = _replaced = 0;
    }

    private int First(ulong hash) => (int)(hash >> 32) & (_slots.Length - Ways); // hot

    private void MakeRoom()
    {
        if (_slots.Length < mostSlots)
        {
            _hashes = new ulong[_slots.Length * 2];
            _slots = new Slot[_slots.Length * 2];
            _bytes = new byte[_slots.Length * BytesPerSlot];
        }

        Clear();
    }

    private readonly record struct Slot(int Place, int Start, int Length, int Class);
}
