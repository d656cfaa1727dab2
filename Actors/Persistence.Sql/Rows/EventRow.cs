namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>An event as the table has it.</summary>
/// <param name="PersistenceId">Whose it is.</param>
/// <param name="SequenceNr">Its number, from 1.</param>
/// <param name="Written">When, in UTC ticks.</param>
/// <param name="Writer">Who wrote it.</param>
/// <param name="Manifest">The manifest that the event came with; mostly empty.</param>
/// <param name="Type">Under which name it was serialised; empty where there is no event.</param>
/// <param name="Payload">Its bytes; null for a number that was used up without an event, such as by a rejected one.</param>
/// <param name="Sum">The CRC-32C that the row has.</param>
internal readonly record struct EventRow(
    string PersistenceId, long SequenceNr, long Written, string Writer, string Manifest, string Type, byte[]? Payload, uint Sum)
{
    /// <summary>The CRC-32C that the row should have.</summary>
    public uint Summed() // hot
    {
        var sum = new RowSum();
        sum.Add(PersistenceId);
        sum.Add(SequenceNr);
        sum.Add(Written);
        sum.Add(Writer);
        sum.Add(Manifest);
        sum.Add(Type);
        sum.Add(Payload is null ? 0L : 1L);
        sum.Add(Payload.AsSpan());
        return sum.Value;
    }
}
