using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Audit;
using Picket.Sensors.Logs.Syslog;

namespace Picket.Sensors.Logs.Journal;

/// <summary>Makes a record of an entry as <c>journalctl -o json</c> prints it: its service is the facility's, its writer the
/// identifier's.</summary>
/// <param name="counts">What became of the entries.</param>
/// <param name="maxMessage">Bytes of a message that are carried.</param>
/// <param name="recorded">Whether the entries were recorded: then none of them is this very node's.</param>
internal sealed class JournalDecoder(LogCounts counts, int maxMessage, bool recorded = false)
{
    private const int Auth = 4, Cron = 9, AuthPrivate = 10;

    private static readonly LogService OfAuth = new("auth"), OfCron = new("cron"), OfSyslog = new("syslog");

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly AuditDecoder _audit = new();
    private string? _cursor;
    private long _newestUs;

    /// <summary>When the newest of all entries was written, in microseconds since 1970, for any thread; 0 before the first.</summary>
    public long NewestUs => Interlocked.Read(ref _newestUs);

    /// <summary>The cursor of the last entry; null when there was none since the last call.</summary>
    public string? TakeCursor()
    {
        var cursor = _cursor;
        _cursor = null;
        return cursor;
    }

    /// <summary>Adds the entry to the batch, unless it is this node's own or no entry.</summary>
    public void Decode(EventBatch batch, ReadOnlySpan<byte> entry)
    {
        _values.Clear();
        _bytes.ResetWrittenCount();
        try
        {
            Collect(entry);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            counts.SkippedBytes(entry.Length);
            return;
        }

        var cursor = Value("__CURSOR");
        if (!cursor.IsEmpty) _cursor = Encoding.UTF8.GetString(cursor);
        if (Number("__REALTIME_TIMESTAMP") is var time && time > _newestUs) Interlocked.Exchange(ref _newestUs, time);
        if (!recorded && Number("_PID") == Environment.ProcessId)
        {
            counts.Own();
            return;
        }

        var message = Value("MESSAGE");
        if (message.IsEmpty)
        {
            counts.Blank();
            return;
        }

        counts.Line();
        var cut = message.Length > maxMessage;
        if (cut)
        {
            counts.Cut();
            message = message[..maxMessage];
        }

        if (Value("_TRANSPORT").SequenceEqual("audit"u8)) AddAudit(batch, message);
        else AddLine(batch, entry, message);
        ref var record = ref batch.Last;
        record.Sequence = SequenceOf(cursor);
        record.TimeNs = (ulong)Math.Max(0, Number("__REALTIME_TIMESTAMP")) * 1000;
        if (cut) record.Flags |= EventFlags.LineTruncated;
    }

    private void AddLine(EventBatch batch, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> message)
    {
        var facility = Value("SYSLOG_FACILITY").IsEmpty ? -1 : (int)Number("SYSLOG_FACILITY");
        var program = Value("SYSLOG_IDENTIFIER");
        if (program.IsEmpty) program = Value("_COMM");
        var service = facility switch { Auth or AuthPrivate => OfAuth, Cron => OfCron, _ => OfSyslog };
        ref var record = ref batch.Add(EventKind.LogLine);
        record.Route = service.Route with { Writer = WriterServices.Find(program) };
        (record.RawStart, record.RawLength) = (batch.Append(entry), entry.Length);
        var start = batch.Append(message);
        batch.AddField(LogFields.Message, FieldKind.Text, start, message.Length);
        Add(batch, LogFields.Program, program);
        Add(batch, LogFields.Pid, Value("_PID"));
        Add(batch, LogFields.Host, Value("_HOSTNAME"));
        Add(batch, LogFields.Facility, SyslogNames.Facility(facility));
        Add(batch, LogFields.Severity, SyslogNames.Severity(Value("PRIORITY").IsEmpty ? -1 : (int)Number("PRIORITY")));
        Add(batch, LogFields.Unit, Value("_SYSTEMD_UNIT"));
        Add(batch, LogFields.Exe, Value("_EXE"));
        Add(batch, LogFields.Uid, Value("_UID"));
        if (program.SequenceEqual("sudo"u8)) SudoFields.Add(batch, start, message);
    }

    /// <summary>journald takes audit records apart; put together again they are what auditd writes.</summary>
    private void AddAudit(EventBatch batch, ReadOnlySpan<byte> message)
    {
        var blank = message.IndexOf((byte)' ');
        var type = blank < 0 ? message : message[..blank];
        var rest = blank < 0 ? default : message[(blank + 1)..];
        var micros = Number("_SOURCE_REALTIME_TIMESTAMP");
        var text = string.Create(CultureInfo.InvariantCulture,
            $"type={Encoding.UTF8.GetString(type)} msg=audit({micros / 1_000_000}.{micros / 1000 % 1000:000}:{Number("_AUDIT_ID")}): ");
        byte[] line = [.. Encoding.UTF8.GetBytes(text), .. rest];
        ref var record = ref batch.Add(EventKind.AuditRecord);
        record.Route = OfSyslog.Route with { Service = LineDecoder.AuditService };
        var start = batch.Append(line);
        (record.RawStart, record.RawLength) = (start, line.Length);
        if (AuditHeader.TryRead(line, out var header)) _audit.Decode(batch, start, line, header);
        else batch.AddField(LogFields.Message, FieldKind.Text, start, line.Length);
    }

    private static void Add(EventBatch batch, FieldId field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) batch.AddText(field, value);
    }

    private void Collect(ReadOnlySpan<byte> entry)
    {
        var reader = new Utf8JsonReader(entry);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var name = reader.GetString()!;
            reader.Read();
            var start = _bytes.WrittenCount;
            if (reader.TokenType == JsonTokenType.String) Text(ref reader);
            else if (reader.TokenType == JsonTokenType.StartArray) Values(ref reader);
            else reader.Skip();

            // The first value of a field that has several is the one that is trusted most: journald puts its own first.
            _values.TryAdd(name, _bytes.WrittenMemory[start..]);
        }
    }

    private void Text(ref Utf8JsonReader reader)
    {
        var room = _bytes.GetSpan(Math.Max(1, reader.ValueSpan.Length));
        _bytes.Advance(reader.CopyString(room));
    }

    /// <summary>Bytes that are not UTF-8 are an array of numbers; several values of a field are an array of those, or of texts.</summary>
    private void Values(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var taken = false;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number when !taken && reader.TryGetByte(out var number):
                    _bytes.GetSpan(1)[0] = number;
                    _bytes.Advance(1);
                    break;
                case JsonTokenType.String when !taken:
                    Text(ref reader);
                    taken = true;
                    break;
                case JsonTokenType.EndArray:
                    taken = true;
                    break;
            }
        }
    }

    private ReadOnlySpan<byte> Value(string name) => _values.TryGetValue(name, out var value) ? value.Span : default;

    private long Number(string name)
    {
        var text = Value(name);
        return Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : 0;
    }

    /// <summary>The entry's number: the same whenever it is read.</summary>
    private static ulong SequenceOf(ReadOnlySpan<byte> cursor)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in cursor) hash = (hash ^ letter) * 1099511628211UL;
        return hash >> 1;
    }
}
