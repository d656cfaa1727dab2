using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;

namespace Picket.Sensors.Evtx;

/// <summary>The fields of one record while it is read; it enters the batch when all of it is sound.</summary>
internal sealed class FieldSink
{
    private const int MostFields = 32 * 1024;

    private byte[] _text = new byte[64 * 1024];
    private FieldEntry[] _entries = new FieldEntry[512];
    private int _count;

    /// <summary>Bytes of text so far.</summary>
    public int Length { get; private set; }

    /// <summary>When the event happened, in nanoseconds since 1970; 0 while it has not said.</summary>
    public ulong TimeNs { get; set; }

    /// <summary>Begins a record.</summary>
    public void Clear() // hot
    {
        _count = 0;
        Length = 0;
        TimeNs = 0;
    }

    /// <summary>Makes room for a value of a length, and a field; false where the record has too much already.</summary>
    public bool TryReserve(int length) // hot
    {
        if (Length > XmlLimits.MostText || _count > MostFields) return false;
        var needed = Length + ValueText.RoomFor(length);
        if (needed > _text.Length) Array.Resize(ref _text, Math.Max(needed, 2 * _text.Length));
        if (_count + 2 > _entries.Length) Array.Resize(ref _entries, 2 * _entries.Length);
        return true;
    }

    /// <summary>
    /// Writes a value's text; returns its length. It is part of the record once a field is added, or <see cref="Keep"/> called.
    /// </summary>
    public int Write(EvtxType type, ReadOnlySpan<byte> value, out FieldKind kind) => // hot
        ValueText.Write(type, value, _text.AsSpan(Length), out kind);

    /// <summary>Writes a text that is UTF-8 already; returns its length.</summary>
    public int Write(ReadOnlySpan<byte> text) // hot
    {
        text.CopyTo(_text.AsSpan(Length));
        return text.Length;
    }

    /// <summary>What was written last.</summary>
    public ReadOnlySpan<byte> Written(int length) => _text.AsSpan(Length, length); // hot

    /// <summary>Keeps what was written, to be joined with what follows.</summary>
    public void Keep(int length) => Length += length; // hot

    /// <summary>Adds a field of <paramref name="length"/> bytes, written or kept from <paramref name="start"/> on.</summary>
    public void Add(FieldId id, FieldId second, FieldKind kind, int start, int length) // hot
    {
        _entries[_count++] = new FieldEntry(id, kind, start, length);
        if (second != FieldId.Unnamed) _entries[_count++] = new FieldEntry(second, kind, start, length);
        Length = start + length;
    }

    /// <summary>Adds text and fields to the batch's last record.</summary>
    public void CopyTo(EventBatch batch) // hot
    {
        var start = batch.Append(_text.AsSpan(0, Length));
        foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            batch.AddField(entry.Id, entry.Kind, start + entry.Start, entry.Length);
    }
}
