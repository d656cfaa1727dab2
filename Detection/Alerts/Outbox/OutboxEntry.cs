using System.Buffers.Binary;
using System.Text;

namespace Picket.Detection.Alerts.Outbox;

/// <summary>One alert as the outbox keeps it and sinks read it; lent until the sink returns.</summary>
public readonly ref struct OutboxEntry
{
    private const byte Format = 1;
    private const int FixedSize = 1 + 1 + StableId.Size + 8 + 4;

    private OutboxEntry(StableId id, AlertLevel level, long timeNs, ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
    {
        Id = id;
        Level = level;
        TimeNs = timeNs;
        Text = text;
        Line = line;
    }

    /// <summary>The alert's id.</summary>
    public StableId Id { get; }

    /// <summary>How bad it is.</summary>
    public AlertLevel Level { get; }

    /// <summary>When the event happened: nanoseconds since 1970 UTC.</summary>
    public long TimeNs { get; }

    /// <summary>The readable line, UTF-8, without time and level and without control characters.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The ECS document, UTF-8, one line without the line feed.</summary>
    public ReadOnlySpan<byte> Line { get; }

    /// <summary>The journal record of an alert.</summary>
    internal static byte[] Pack(Alert alert)
    {
        var text = Encoding.UTF8.GetBytes(alert.Text);
        var record = new byte[FixedSize + text.Length + alert.Line.Length];
        record[0] = Format;
        record[1] = (byte)alert.Level;
        alert.Id.Write(record.AsSpan(2));
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(18), alert.TimeNs);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(26), text.Length);
        text.CopyTo(record.AsSpan(FixedSize));
        alert.Line.Span.CopyTo(record.AsSpan(FixedSize + text.Length));
        return record;
    }

    /// <summary>Reads a journal record; false for one of a format that we do not know.</summary>
    internal static bool TryUnpack(ReadOnlySpan<byte> record, out OutboxEntry entry)
    {
        entry = default;
        if (record.Length < FixedSize || record[0] != Format) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(record[26..]);
        if (length < 0 || length > record.Length - FixedSize) return false;
        entry = new OutboxEntry(
            StableId.Read(record[2..]),
            (AlertLevel)record[1],
            BinaryPrimitives.ReadInt64LittleEndian(record[18..]),
            record.Slice(FixedSize, length),
            record[(FixedSize + length)..]);
        return true;
    }
}
