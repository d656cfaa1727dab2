using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Serialization;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Events to rows and back.</summary>
internal sealed class EventCodec(EventSerializers serializers, string place)
{
    /// <summary>Bytes that both back ends can hold in one value, with a reserve.</summary>
    public const int MaxPayload = 256 << 20;

    /// <summary>Serialises; a write of which one event cannot be is rejected as a whole and keeps its numbers.</summary>
    public EventBatch Encode(IReadOnlyList<AtomicWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var rows = new List<EventRow>(writes.Count);
        var spans = new List<WriteSpan>(writes.Count);
        var outcomes = new Exception?[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            var start = rows.Count;
            outcomes[i] = Encode(writes[i], rows);
            if (rows.Count > start) spans.Add(new WriteSpan(i, writes[i].PersistenceId, start, rows.Count - start));
        }

        return new EventBatch(rows, spans, outcomes);
    }

    /// <summary>The event of a row; of a number that was used up without one, an event marked as deleted.</summary>
    /// <exception cref="JournalCorruptException">The row is not what was written, or nothing reads its type.</exception>
    public Persistent Decode(in EventRow row)
    {
        if (row.Sum != row.Summed())
            throw new JournalCorruptException("the row's checksum does not fit its content", place, row.PersistenceId, row.SequenceNr);
        try
        {
            var payload = row.Payload is null ? "" : serializers.Read(row.Type, row.Payload);
            return new Persistent(payload, row.SequenceNr, row.PersistenceId, row.Manifest, isDeleted: row.Payload is null,
                writerGuid: row.Writer, timestamp: row.Written);
        }
        catch (EventSerializationException unreadable)
        {
            throw new JournalCorruptException(unreadable.Message, place, row.PersistenceId, row.SequenceNr, unreadable);
        }
    }

    private JournalException? Encode(AtomicWrite write, List<EventRow> rows)
    {
        if (PersistenceIdText.Fault(write.PersistenceId) is { } fault) return new JournalException(fault);
        var before = rows.Count;
        try
        {
            for (var i = 0; i < write.Payload.Count; i++) rows.Add(Encode(write.Payload[i]));
            return null;
        }
        catch (JournalException rejected)
        {
            rows.RemoveRange(before, rows.Count - before);
            for (var i = 0; i < write.Payload.Count; i++) rows.Add(Summed(write.Payload[i], "", null));
            return rejected;
        }
    }

    private EventRow Encode(Persistent one)
    {
        if (one.IsDeleted) return Summed(one, "", null);
        var (type, bytes) = serializers.Write(one.Payload);
        return bytes.Length <= MaxPayload
            ? Summed(one, type, bytes)
            : throw new JournalException(
                $"event {one.SequenceNr} of [{one.PersistenceId}] has {bytes.Length} bytes, {MaxPayload} are allowed");
    }

    private static EventRow Summed(Persistent one, string type, byte[]? bytes)
    {
        var row = new EventRow(one.PersistenceId, one.SequenceNr, one.Timestamp, one.WriterGuid, one.Manifest, type, bytes, 0);
        return row with { Sum = row.Summed() };
    }
}
