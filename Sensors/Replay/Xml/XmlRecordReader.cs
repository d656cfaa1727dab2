using System.Buffers;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Json;
using Picket.Sensors.Replay.Windows;

namespace Picket.Sensors.Replay.Xml;

/// <summary>
/// Reads Windows events as XML, one element behind another, whatever stands between them: what wevtutil prints and the event viewer saves.
/// Constant memory: one element at a time.
/// </summary>
public sealed class XmlRecordReader : WindowReader
{
    /// <summary>The longest element that is read, in bytes. A longer one is malformed.</summary>
    public const int MaxRecord = JsonRecordReader.MaxRecord;

    private readonly RecordFlattener _flattener = RecordFlattener.Make();
    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private ulong _lastSequence;

    /// <summary>Bytes from the window's start in which no element ends: they are not searched again.</summary>
    private int _endless;

    /// <summary>Reads <paramref name="input"/>, which the reader then owns.</summary>
    /// <param name="input">The bytes, in UTF-8.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="onMalformed">Told of each part that is no record, in order.</param>
    public XmlRecordReader(Stream input, string file, Action<MalformedRecord> onMalformed)
        : base(input, new EventSource("replay", "", file, 0), onMalformed)
    {
    }

    private static ReadOnlySpan<byte> Opening => "<Event"u8;

    private static ReadOnlySpan<byte> Closing => "</Event>"u8;

    private protected override bool TryNext(EventBatch batch)
    {
        if (!GoToElement()) return false;
        var (line, column) = (Window.Line, Window.Column);
        var searched = _endless;
        int end;
        while ((end = Window.Rest[searched..].IndexOf(Closing)) < 0)
        {
            searched = Math.Max(0, Window.Rest.Length - Closing.Length);
            if (Window.Rest.Length > MaxRecord)
            {
                Reject(line, column, $"the record is longer than {MaxRecord} bytes");
                _endless = searched;
                Advance(Opening.Length);
                return true;
            }

            if (Window.Read()) continue;
            Reject(line, column, "the element Event does not end");
            Advance(Window.Rest.Length);
            return false;
        }

        var length = searched + end + Closing.Length;
        Add(batch, Window.Rest[..length], line, column);
        Advance(length);
        return true;
    }

    private void Advance(int bytes)
    {
        _endless = Math.Max(0, _endless - bytes);
        Window.Advance(bytes);
    }

    /// <summary>Goes to the next element; false at the end.</summary>
    private bool GoToElement()
    {
        while (true)
        {
            var at = Window.Rest.IndexOf(Opening);
            if (at >= 0) Advance(at);
            if (at >= 0 && Window.Rest.Length > Opening.Length)
            {
                if (EventXml.IsEvent(Window.Rest)) return true;
                Advance(Opening.Length);
                continue;
            }

            // A part of the opening may be the last that was read.
            if (at < 0) Advance(Math.Max(0, Window.Rest.Length - Opening.Length));
            if (!Window.Read()) return false;
        }
    }

    private void Add(EventBatch batch, ReadOnlySpan<byte> xml, long line, int column)
    {
        _json.ResetWrittenCount();
        if (!EventXml.TryWrite(xml, _json, out var why))
        {
            Reject(line, column, why!);
            return;
        }

        ref var record = ref batch.Add(EventKind.Unknown);
        record.Sequence = Math.Max((ulong)line, _lastSequence + 1);
        record.RawStart = batch.Append(_json.WrittenSpan);
        record.RawLength = _json.WrittenCount;
        try
        {
            _flattener.Flatten(batch, ref record, _json.WrittenSpan);
        }
        catch (JsonException e)
        {
            batch.RemoveLast();
            Reject(line, column, e.Message);
            return;
        }

        _lastSequence = record.Sequence;
        Records++;
    }
}
