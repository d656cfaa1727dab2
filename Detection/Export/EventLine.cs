using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Picket.Detection.Events;

namespace Picket.Detection.Export;

/// <summary>
/// Writes one event as one line of JSON: Sigma's field names at the top, as a replay and other tools read them; its log source;
/// under <c>picket</c> what Picket alone knows. Bytes that are not UTF-8 are U+FFFD there and whole, in base64, below
/// <c>picket.bytes</c>.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class EventLine : IDisposable
{
    // The line goes into a file and never into HTML. Control characters are still escaped, so that a line stays a line.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the process's context says where the record itself does not.</summary>
    private static readonly FieldId[] ContextFields =
    [
        Fields.Image, Fields.CommandLine, Fields.CurrentDirectory, Fields.User, Fields.LogonId, Fields.TerminalSessionId, Fields.LoginUser,
        Fields.ProcessId, Fields.ProcessGuid, Fields.ParentProcessId, Fields.ParentImage, Fields.ParentCommandLine, Fields.ParentUser,
        Fields.ParentProcessGuid,
    ];

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly List<(FieldId Field, byte[] Bytes)> _twins = [];

    public EventLine() => _json = new Utf8JsonWriter(_buffer, Format);

    /// <summary>The line of <paramref name="view"/> with its line feed; valid until the next call.</summary>
    /// <param name="view">The event.</param>
    /// <param name="nowNs">Nanoseconds since 1970: when it reached the engine.</param>
    public ReadOnlySpan<byte> Of(in EventView view, long nowNs)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _twins.Clear();
        ref readonly var record = ref view.Record;
        var happenedNs = (long)record.TimeNs + view.Source.ClockOffsetNs;
        _json.WriteStartObject();
        if (record.TimeNs > 0) _json.WriteString("@timestamp", DateTime.UnixEpoch.AddTicks(happenedNs / 100));
        WriteLogSource(record);
        WriteFields(view);
        WriteOwn(view, happenedNs, nowNs);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void WriteLogSource(in EventRecord record)
    {
        _json.WriteStartObject("logsource");
        WriteName("product", record.Route.Product);
        WriteName("category", record.Route.Category);
        WriteName("service", record.Route.Service);
        _json.WriteEndObject();
    }

    private void WriteName(string name, byte id)
    {
        if (EventRouteTable.NameOf(id) is { Length: > 0 } text) _json.WriteString(name, text);
    }

    private void WriteFields(in EventView view)
    {
        var entries = view.Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            var field = entries[i].Id;
            if (field == FieldId.Unnamed) continue;
            _json.WritePropertyName(FieldTable.NameOf(field));

            // Several values of one field are neighbours.
            var several = i + 1 < entries.Length && entries[i + 1].Id == field;
            if (several) _json.WriteStartArray();
            WriteValue(field, view.ValueOf(entries[i]));
            while (i + 1 < entries.Length && entries[i + 1].Id == field) WriteValue(field, view.ValueOf(entries[++i]));
            if (several) _json.WriteEndArray();
        }

        if (view.Context is not { } context) return;
        foreach (var field in ContextFields)
        {
            if (Has(entries, field) || context.Find(field) is not { IsPresent: true } value) continue;
            _json.WritePropertyName(FieldTable.NameOf(field));
            WriteValue(field, value);
        }

        if (view.OfContext(Fields.Hashes) is not { IsPresent: true } hashes) return;
        _json.WritePropertyName("Hashes");
        WriteValue(Fields.Hashes, hashes);
    }

    private void WriteOwn(in EventView view, long happenedNs, long nowNs)
    {
        ref readonly var record = ref view.Record;
        _json.WriteStartObject("picket");
        _json.WriteString("kind", ExportKinds.NameOf(record.Kind));
        _json.WriteNumber("sequence", record.Sequence);
        _json.WriteNumber("time_ns", record.TimeNs);
        if (record.TimeNs > 0) _json.WriteNumber("delay_ns", nowNs - happenedNs);
        _json.WriteNumber("pid", record.Key.Pid);
        _json.WriteNumber("start_ns", record.Key.StartNs);
        _json.WriteNumber("tid", record.ThreadId);
        if (record.Flags != EventFlags.None) _json.WriteNumber("flags", (ushort)record.Flags);
        if (view.TryGetDetail(out var detail) && detail.ImageInode != 0)
        {
            _json.WriteNumber("image_device", detail.ImageDevice);
            _json.WriteNumber("image_inode", detail.ImageInode);
        }

        if (_twins.Count > 0)
        {
            _json.WriteStartObject("bytes");
            foreach (var (field, bytes) in _twins) _json.WriteBase64String(FieldTable.NameOf(field), bytes);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private void WriteValue(FieldId field, FieldValue value)
    {
        var text = value.Text;
        if (value.Kind == FieldKind.Null) _json.WriteNullValue();
        else if (value.Kind == FieldKind.Number && IsDigits(text)) _json.WriteRawValue(text, skipInputValidation: true);
        else if (Utf8.IsValid(text)) _json.WriteStringValue(text);
        else
        {
            _json.WriteStringValue(Encoding.UTF8.GetString(text));
            _twins.Add((field, text.ToArray()));
        }
    }

    private static bool Has(ReadOnlySpan<FieldEntry> entries, FieldId field)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Id == field) return true;
        }

        return false;
    }

    /// <summary>What JSON takes for a number as it stands.</summary>
    private static bool IsDigits(ReadOnlySpan<byte> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text[0] != (byte)'0' || text.Length == 1);
}
