using System.Buffers;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Syslog;
using Picket.Sensors.Replay.Json;
using Picket.Sensors.Replay.Windows;

namespace Picket.Sensors.Replay.Lines;

/// <summary>
/// Reads the event that a line of syslog carries behind its header: one JSON object, with <c>@cee:</c> before it or not, or the XML of a
/// Windows event, as Sysmon for Linux writes it. Its fields are the record's, as if the object stood alone; the header says who sent it
/// and, where the object does not, when.
/// </summary>
internal sealed class LineBody(TimeProvider time)
{
    private readonly SyslogParser _syslog = new(time);
    private readonly RecordFlattener _flattener = RecordFlattener.Make();
    private readonly ArrayBufferWriter<byte> _json = new();

    /// <summary>Adds the event; false for a line whose message is none.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="line">The line.</param>
    /// <param name="sequence">Its number.</param>
    public bool TryAdd(EventBatch batch, ReadOnlySpan<byte> line, ulong sequence)
    {
        if (line.IndexOfAny((byte)'{', (byte)'<') < 0) return false;
        var header = _syslog.Parse(line);
        var body = BodyOf(header.Message.Of(line));
        if (body.IsEmpty) return false;
        if (body[0] == '<')
        {
            _json.ResetWrittenCount();
            if (!EventXml.TryWrite(body, _json)) return false;
            body = _json.WrittenSpan;
        }

        ref var record = ref batch.Add(EventKind.Unknown);
        record.Sequence = sequence;
        record.RawStart = batch.Append(body);
        record.RawLength = body.Length;
        try
        {
            if (!body[_flattener.Flatten(batch, ref record, body)..].Trim(" \t\r\0"u8).IsEmpty) throw new JsonException();
        }
        catch (JsonException)
        {
            batch.RemoveLast();
            return false;
        }

        if (record.TimeNs == 0) record.TimeNs = header.TimeNs;
        Add(batch, LogFields.Program, header.Program.Of(line));
        Add(batch, LogFields.Host, header.Host.Of(line));
        Add(batch, LogFields.Facility, SyslogNames.Facility(header.Facility));
        Add(batch, LogFields.Severity, SyslogNames.Severity(header.Severity));
        return true;
    }

    private static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("@cee:"u8)) message = message[5..];
        message = message.Trim(" \t\r\0"u8);
        return (message.StartsWith("{"u8) && message[^1] == '}') || EventXml.IsEvent(message) ? message : default;
    }

    /// <summary>Adds what the header says, unless the object says it itself.</summary>
    private static void Add(EventBatch batch, FieldId field, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && !batch.View(batch.Count - 1).First(field).IsPresent) batch.AddText(field, text);
    }
}
