using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// What matchers need of one event, made at most once per event: where each field's values are, their folded bytes, their
/// characters. The buffers are reused; in the steady state nothing is allocated.
/// </summary>
internal sealed class EventValues
{
    private readonly int[] _fieldEpoch;
    private readonly int[] _fieldFirst;
    private readonly int[] _contextEpoch;
    private readonly int[] _contextStart;
    private readonly int[] _contextLength;
    private int[] _foldStart = new int[64];
    private int[] _foldLength = new int[64];
    private byte[] _folded = new byte[4096];
    private char[] _chars = new char[1024];
    private int _foldedUsed;
    private int _charsSlot;
    private int _addressSlot;
    private bool _isAddress;
    private UInt128 _address;
    private int _charsLength;
    private int _epoch;

    /// <summary>Knows the fields that are interned by now; later ones belong to rules that this engine does not have.</summary>
    public EventValues()
    {
        var fields = FieldTable.Count;
        _fieldEpoch = new int[fields];
        _fieldFirst = new int[fields];
        _contextEpoch = new int[fields];
        _contextStart = new int[fields];
        _contextLength = new int[fields];
    }

    /// <summary>Turns to an event.</summary>
    public void Begin(in EventView view) // hot
    {
        _epoch++;
        _foldedUsed = 0;
        _charsSlot = _addressSlot = int.MinValue;
        var entries = view.Entries;
        if (entries.Length > _foldStart.Length)
        {
            _foldStart = new int[entries.Length * 2];
            _foldLength = new int[entries.Length * 2];
        }

        for (var i = entries.Length - 1; i >= 0; i--)
        {
            _foldStart[i] = -1;
            var field = entries[i].Id.Value;
            if (field == 0 || field >= _fieldEpoch.Length) continue;
            _fieldEpoch[field] = _epoch;
            _fieldFirst[field] = i;
        }
    }

    /// <summary>Turns to one value by itself, which is in slot 0.</summary>
    public void BeginValue() // hot
    {
        _foldedUsed = 0;
        _charsSlot = _addressSlot = int.MinValue;
        _foldStart[0] = -1;
    }

    /// <summary>Index of the field's first entry in the record; -1 when the record itself does not have it.</summary>
    public int FirstOf(FieldId field) => // hot
        field.Value < _fieldEpoch.Length && _fieldEpoch[field.Value] == _epoch ? _fieldFirst[field.Value] : -1;

    /// <summary>The folded bytes of the value in <paramref name="slot"/>: an entry's index, or ~field for a context's value.</summary>
    public ReadOnlySpan<byte> Fold(int slot, ReadOnlySpan<byte> raw) // hot
    {
        if (slot >= 0)
        {
            if (_foldStart[slot] < 0) _foldStart[slot] = FoldAway(raw, out _foldLength[slot]);
            return _folded.AsSpan(_foldStart[slot], _foldLength[slot]);
        }

        var field = ~slot;
        if (_contextEpoch[field] != _epoch)
        {
            _contextStart[field] = FoldAway(raw, out _contextLength[field]);
            _contextEpoch[field] = _epoch;
        }

        return _folded.AsSpan(_contextStart[field], _contextLength[field]);
    }

    /// <summary>The characters of the value in <paramref name="slot"/>; what is not UTF-8 becomes U+FFFD.</summary>
    public ReadOnlySpan<char> Decode(int slot, ReadOnlySpan<byte> raw) // hot
    {
        if (_charsSlot != slot)
        {
            if (_chars.Length < raw.Length) _chars = new char[raw.Length * 2];
            _charsLength = Encoding.UTF8.GetChars(raw, _chars);
            _charsSlot = slot;
        }

        return _chars.AsSpan(0, _charsLength);
    }

    /// <summary>The address that the value in <paramref name="slot"/> is; false when it is none. Networks come in lists.</summary>
    public bool TryAddress(int slot, ReadOnlySpan<byte> raw, out UInt128 address) // hot
    {
        if (_addressSlot != slot)
        {
            _isAddress = CidrMatcher.TryRead(raw, out _address);
            _addressSlot = slot;
        }

        address = _address;
        return _isAddress;
    }

    private int FoldAway(ReadOnlySpan<byte> raw, out int length) // hot
    {
        var needed = _foldedUsed + CaseFold.MaxLength(raw.Length);
        if (needed > _folded.Length) Array.Resize(ref _folded, needed * 2);
        var start = _foldedUsed;
        length = CaseFold.Fold(raw, _folded.AsSpan(start));
        _foldedUsed = start + length;
        return start;
    }
}
