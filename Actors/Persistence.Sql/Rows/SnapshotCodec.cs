using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Serialization;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Snapshots to rows and back.</summary>
internal sealed class SnapshotCodec(EventSerializers serializers, string place)
{
    /// <exception cref="JournalException">It cannot be serialised.</exception>
    public SnapshotRow Encode(SnapshotMetadata metadata, object snapshot)
    {
        if (PersistenceIdText.Fault(metadata.PersistenceId) is { } fault) throw new JournalException(fault);
        var (type, bytes) = serializers.Write(snapshot);
        if (bytes.Length > EventCodec.MaxPayload)
            throw new JournalException(
                $"the snapshot of [{metadata.PersistenceId}] has {bytes.Length} bytes, {EventCodec.MaxPayload} are allowed");
        var row = new SnapshotRow(metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, type, bytes, 0);
        return row with { Sum = row.Summed() };
    }

    /// <exception cref="JournalCorruptException">The row is not what was written, or nothing reads its type.</exception>
    public SelectedSnapshot Decode(in SnapshotRow row)
    {
        if (row.Sum != row.Summed())
            throw new JournalCorruptException("the snapshot's checksum does not fit its content", place, row.PersistenceId, row.SequenceNr);
        try
        {
            var metadata = new SnapshotMetadata(row.PersistenceId, row.SequenceNr, new DateTime(row.Taken, DateTimeKind.Utc));
            return new SelectedSnapshot(metadata, serializers.Read(row.Type, row.Payload));
        }
        catch (EventSerializationException unreadable)
        {
            throw new JournalCorruptException(unreadable.Message, place, row.PersistenceId, row.SequenceNr, unreadable);
        }
    }
}
