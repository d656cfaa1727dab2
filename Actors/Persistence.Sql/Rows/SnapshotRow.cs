namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>A snapshot as the table has it.</summary>
/// <param name="PersistenceId">Whose it is.</param>
/// <param name="SequenceNr">The number of the last event in it.</param>
/// <param name="Taken">When, in UTC ticks.</param>
/// <param name="Type">Under which name it was serialised.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Sum">The CRC-32C that the row has.</param>
internal readonly record struct SnapshotRow(string PersistenceId, long SequenceNr, long Taken, string Type, byte[] Payload, uint Sum)
{
    /// <summary>The CRC-32C that the row should have.</summary>
    public uint Summed()
    {
        var sum = new RowSum();
        sum.Add(PersistenceId);
        sum.Add(SequenceNr);
        sum.Add(Taken);
        sum.Add(Type);
        sum.Add(Payload.AsSpan());
        return sum.Value;
    }
}
