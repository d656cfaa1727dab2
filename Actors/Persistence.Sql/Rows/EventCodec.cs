using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Serialization;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Events to rows and back.</summary>
internal sealed class EventCodec(EventSerializers serializers, string place)
{
    /// <summary>Bytes that both back ends can hold in one value, with a reserve.</summary>
    public const int MaxPayload = 256 << 20;

    /// <summary>Serialises; a write of which one event cannot be is rejected as a whole.</summary>
    public EventBatch Encode(IReadOnlyList<AtomicWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var rows = new List<EventRow>(writes.Count);
        var outcomes = new Exception?[writes.Count];
        for (var i = 0; i < writes.Count; i++) outcomes[i] = Encode(writes[i], rows);
        return new EventBatch(rows, outcomes);
    }

    /// <summary>The event of a row, or null for the number of a rejected one.</summary>
    /// <exception cref="JournalCorruptException">The row is not what was written, or nothing reads its type.</exception>
    public Persistent? Decode(in EventRow row)
    {
        if (row.Sum != row.Summed())
            throw new JournalCorruptException("the row's checksum does not fit its content", place, row.PersistenceId, row.SequenceNr);
        if (row.Payload is null) return null;
        try
        {
            return new Persistent(serializers.Read(row.Type, row.Payload), row.SequenceNr, row.PersistenceId, row.Manifest,
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
            for (var i = 0; i < write.Payload.Count; i++)
            {
                var one = write.Payload[i];
                var (type, bytes) = serializers.Write(one.Payload);
                if (bytes.Length > MaxPayload)
                    throw new JournalException($"event {one.SequenceNr} of [{one.PersistenceId}] has {bytes.Length} bytes, {MaxPayload} are allowed");
                rows.Add(Summed(one, type, bytes));
            }

            return null;
        }
        catch (JournalException rejected)
        {
            // The actor goes on with the number behind it, so the number must not be a gap when it is read again.
            rows.RemoveRange(before, rows.Count - before);
            for (var i = 0; i < write.Payload.Count; i++) rows.Add(Summed(write.Payload[i], "", null));
            return rejected;
        }
    }

    private static EventRow Summed(Persistent one, string type, byte[]? bytes)
    {
        var row = new EventRow(one.PersistenceId, one.SequenceNr, one.Timestamp, one.WriterGuid, one.Manifest, type, bytes, 0);
        return row with { Sum = row.Summed() };
    }
}
