using Picket.Sensors.Evtx;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Inputs;
using Picket.Sensors.Replay.Json;
using Picket.Sensors.Replay.Lines;
using Picket.Sensors.Replay.Xml;

namespace Picket.Node.Replaying;

/// <summary>Chooses who reads a part of an input: the one place that knows all readers.</summary>
internal static class RecordReaders
{
    /// <summary>The names by which a format is forced.</summary>
    public static readonly IReadOnlyDictionary<string, InputFormat> Names = new Dictionary<string, InputFormat>(StringComparer.Ordinal)
    {
        ["json"] = InputFormat.Json, ["auditd"] = InputFormat.Audit, ["syslog"] = InputFormat.Syslog, ["evtx"] = InputFormat.Evtx,
        ["xml"] = InputFormat.Xml,
    };

    /// <summary>The reader, which owns the part's content; null where there is none for its format.</summary>
    public static IRecordReader? Open(InputPart part, Action<MalformedRecord> onMalformed) => part.Format switch
    {
        InputFormat.Json => new JsonRecordReader(part.Content, part.Name, onMalformed),
        InputFormat.Audit => new LineRecordReader(part.Content, part.Name, audit: true, onMalformed, TimeProvider.System),
        InputFormat.Syslog => new LineRecordReader(part.Content, part.Name, audit: false, onMalformed, TimeProvider.System),
        InputFormat.Evtx => new EvtxReader(part.Content, part.Name, onMalformed),
        InputFormat.Xml => new XmlRecordReader(part.Content, part.Name, onMalformed),
        _ => null,
    };
}
