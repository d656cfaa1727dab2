using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Names of fields and which of them came behind which: records of a few shapes alternate, and within one the names come in their order.
/// A name that is where it was expected is compared once; the table of all names is asked only for what is new. Bounded. Belongs to one
/// reader.
/// </summary>
internal sealed class NameChain
{
    /// <summary>The longest name that is remembered, in bytes.</summary>
    public const int Longest = 255;

    private const int MostNames = 512;
    private const int MostBytes = MostNames * 32;
    private const int SlotBits = 10;
    private const int MostProbes = 8;

    /// <summary>The place before the first name of a record.</summary>
    private const int Start = 0;

    private readonly FieldId[] _ids = new FieldId[MostNames + 1];
    private readonly int[] _starts = new int[MostNames + 2];
    private readonly short[] _next = new short[MostNames + 1];
    private readonly short[] _slots = new short[1 << SlotBits];
    private readonly byte[] _names = new byte[MostBytes];
    private int _count;
    private int _at;

    /// <summary>Turns to a record.</summary>
    public void Begin() => _at = Start; // hot

    /// <summary>
    /// Whether <paramref name="text"/> begins with the name that is expected next, and its closing quote. If so it is the current one.
    /// </summary>
    public bool TryExpected(ReadOnlySpan<byte> text, out int length, out FieldId id) // hot
    {
        var next = _next[_at];
        var name = NameOf(next);
        length = name.Length;
        id = _ids[next];
        if (next == Start || text.Length <= length || text[length] != '"' || !text.StartsWith(name)) return false;
        _at = next;
        return true;
    }

    /// <summary>The field of a name, which is the current one then.</summary>
    public FieldId Find(ReadOnlySpan<byte> name) // hot
    {
        var slot = SlotOf(name);
        for (var probe = 0; probe < MostProbes; probe++)
        {
            var found = _slots[slot];
            if (found == Start) return Learn(name, slot);
            if (NameOf(found).SequenceEqual(name))
            {
                _next[_at] = found;
                _at = found;
                return _ids[found];
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return FieldPath.FindDotted(name);
    }

    private FieldId Learn(ReadOnlySpan<byte> name, int slot) // hot
    {
        var id = FieldPath.FindDotted(name);
        if (_count == MostNames || name.Length > _names.Length - _starts[_count + 1]) return id;
        var number = (short)++_count;
        name.CopyTo(_names.AsSpan(_starts[number]));
        _starts[number + 1] = _starts[number] + name.Length;
        _ids[number] = id;
        _slots[slot] = number;
        _next[_at] = number;
        _at = number;
        return id;
    }

    private ReadOnlySpan<byte> NameOf(int number) => _names.AsSpan(_starts[number], _starts[number + 1] - _starts[number]); // hot

    /// <summary>Names that fall together cost a few probes at most.</summary>
    private static int SlotOf(ReadOnlySpan<byte> name) // hot
    {
        var hash = 2166136261u;
        foreach (var value in name) hash = (hash ^ value) * 16777619;
        return (int)((hash * 0x9E3779B1) >> (32 - SlotBits));
    }
}
