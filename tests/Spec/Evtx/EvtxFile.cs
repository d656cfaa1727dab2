using Picket.Detection.Events;
using Picket.Sensors.Evtx;
using Picket.Sensors.Replay;

namespace Picket.Spec.Evtx;

/// <summary>All that a reader makes of an event log.</summary>
internal sealed class EvtxFile
{
    private EvtxFile()
    {
    }

    public List<EvtxEvent> Events { get; } = [];

    public List<MalformedRecord> Malformed { get; } = [];

    /// <summary>What was told, without the file's name.</summary>
    public IEnumerable<string> Damage => Malformed.Select(malformed => malformed.Message);

    public static EvtxFile Read(string path) => Read(File.OpenRead(path));

    public static EvtxFile Read(byte[] bytes) => Read(new MemoryStream(bytes));

    public static EvtxFile Read(Stream stream, int records = 128, int bytes = 1024 * 1024)
    {
        var file = new EvtxFile();
        var length = stream.Length;
        using var reader = new EvtxReader(stream, "test.evtx", file.Malformed.Add);
        var batch = new EventBatch(records, bytes);
        while (reader.Fill(batch, null))
        {
            for (var i = 0; i < batch.Count; i++) file.Events.Add(EvtxEvent.Of(batch.View(i)));
            batch.LetGo();
        }

        batch.LetGo();
        Assert.Equal(file.Events.Count, reader.Records);
        Assert.Equal(file.Malformed.Count, reader.Malformed);
        Assert.Equal(length, reader.BytesRead);
        return file;
    }
}
