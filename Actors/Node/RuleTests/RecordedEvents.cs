using Picket.Detection.Events;
using Picket.Node.Replaying;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Inputs;

namespace Picket.Node.RuleTests;

/// <summary>Reads events as a replay does, one batch after the other.</summary>
internal static class RecordedEvents
{
    private const int BatchRecords = 64;
    private const int BatchBytes = 64 * 1024;

    /// <summary>The events of a file. A batch is lent until the next one is asked for.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<EventBatch> OfFile(string file, Action<MalformedRecord> onMalformed) =>
        Of(file, new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), InputFormat.Unknown, onMalformed);

    /// <summary>The event that is written in a test: JSON, a record of the audit system, or else a line of syslog.</summary>
    /// <param name="bytes">The event.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="onMalformed">Told what is wrong with it.</param>
    public static IEnumerable<EventBatch> OfText(byte[] bytes, string name, Action<MalformedRecord> onMalformed)
    {
        var format = FormatProbe.Recognise(bytes);
        return Of(name, new MemoryStream(bytes), format == InputFormat.Unknown ? InputFormat.Syslog : format, onMalformed);
    }

    private static IEnumerable<EventBatch> Of(string name, Stream stream, InputFormat format, Action<MalformedRecord> onMalformed)
    {
        var batch = new EventBatch(BatchRecords, BatchBytes);
        foreach (var part in InputParts.Open(name, stream, format, onMalformed))
        {
            using var reader = RecordReaders.Open(part, onMalformed);
            if (reader is null)
            {
                part.Content.Dispose();
                onMalformed(new MalformedRecord(part.Name, 0, 0, $"{part.Format} is not read by this version"));
                continue;
            }

            while (reader.Fill(batch, null))
            {
                yield return batch;
                batch.LetGo();
            }

            batch.LetGo();
        }
    }
}
