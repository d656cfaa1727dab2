using Picket.Detection.Events;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Journal;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Reads an entry as <c>journalctl -o json</c> prints it like one that the node reads itself: the same fields, the same services. The
/// journal's own names are there as well.
/// </summary>
internal sealed class JournalEntry
{
    private static readonly FieldId Time = FieldTable.Intern("__REALTIME_TIMESTAMP");
    private static readonly FieldId Message = FieldTable.Intern("MESSAGE");

    private readonly JournalDecoder _decoder = new(new LogCounts(), JsonRecordReader.MaxRecord, recorded: true);

    /// <summary>Whether the batch's last record is such an entry, and says something.</summary>
    public static bool Is(EventBatch batch) // hot
    {
        var view = batch.View(batch.Count - 1);
        return view.First(Time).IsPresent && FieldKinds.HasText(view.First(Message).Kind) && !view.First(Message).Text.IsEmpty;
    }

    /// <summary>Reads the batch's last record anew.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="text">The entry.</param>
    /// <param name="flattener">Reads the journal's own names.</param>
    public void Read(EventBatch batch, ReadOnlySpan<byte> text, RecordFlattener flattener)
    {
        var sequence = batch.Last.Sequence;
        batch.RemoveLast();
        _decoder.Decode(batch, text);
        batch.Last.Sequence = sequence;
        flattener.FlattenAny(batch, batch.Append(text), text);
    }
}
