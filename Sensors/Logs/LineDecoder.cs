using System.Buffers.Text;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Audit;
using Picket.Sensors.Logs.Syslog;

namespace Picket.Sensors.Logs;

/// <summary>Makes a record of a line: header, writer's service and fields. The line is copied once; its parts are slices of it.</summary>
/// <param name="time">For times without a year.</param>
/// <param name="recorded">Whether the lines were recorded: then none of them is this very node's.</param>
internal sealed class LineDecoder(TimeProvider time, bool recorded = false)
{
    private readonly SyslogParser _syslog = new(time);
    private readonly AuditDecoder _audit = new();

    /// <summary>Adds the line to the batch; false when it is one of this very node, which would answer itself for ever.</summary>
    /// <param name="batch">The batch, with room for a record.</param>
    /// <param name="service">The file's service.</param>
    /// <param name="line">The line without its end.</param>
    /// <param name="sequence">Its number: the offset of its first byte in the file.</param>
    /// <param name="flags">What is unusual about it.</param>
    public bool Decode(EventBatch batch, LogService service, ReadOnlySpan<byte> line, ulong sequence, EventFlags flags) // hot
    {
        if (service.IsAudit && AuditHeader.TryRead(line, out var audit))
        {
            AddAudit(batch, service.Route, line, audit, sequence, flags);
            return true;
        }

        var header = _syslog.Parse(line);
        if (!recorded && IsOwn(header.Program.Of(line), header.Pid.Of(line))) return false;
        var writer = WriterServices.Find(header.Program.Of(line));
        var message = header.Message.Of(line);
        if (MayBeAudit(header.Program.Of(line), writer) && AuditHeader.TryRead(message, out audit))
        {
            AddAudit(batch, service.Route with { Writer = AuditService }, message, audit, sequence, flags);
            return true;
        }

        ref var record = ref batch.Add(EventKind.LogLine);
        record.Route = service.Route with { Writer = writer };
        record.Sequence = sequence;
        record.TimeNs = header.TimeNs;
        record.Flags = flags;
        var start = batch.Append(line);
        (record.RawStart, record.RawLength) = (start, line.Length);
        AddFields(batch, start, line, header);
        return true;
    }

    /// <summary>Adds a record of the audit system.</summary>
    private void AddAudit(
        EventBatch batch, EventRoute route, ReadOnlySpan<byte> line, in AuditHeader header, ulong sequence, EventFlags flags)
    {
        ref var record = ref batch.Add(EventKind.AuditRecord);
        record.Route = route;
        record.Sequence = sequence;
        record.TimeNs = header.TimeNs;
        record.Flags = flags;
        var start = batch.Append(line);
        (record.RawStart, record.RawLength) = (start, line.Length);
        _audit.Decode(batch, start, line, header);
    }

    /// <summary>The service of audit records wherever they are found.</summary>
    internal static readonly byte AuditService = EventRouteTable.Intern("auditd");

    private static void AddFields(EventBatch batch, int start, ReadOnlySpan<byte> line, in SyslogHeader header)
    {
        Add(batch, LogFields.Message, start, header.Message);
        if (header.Message.Length < line.Length)
        {
            // Keywords are searched in the whole line, as its author saw it.
            batch.AddField(FieldId.Unnamed, FieldKind.Text, start, line.Length);
        }

        Add(batch, LogFields.Program, start, header.Program);
        Add(batch, LogFields.Pid, start, header.Pid);
        Add(batch, LogFields.Host, start, header.Host);
        AddName(batch, LogFields.Facility, SyslogNames.Facility(header.Facility));
        AddName(batch, LogFields.Severity, SyslogNames.Severity(header.Severity));
        if (header.Program.Of(line).SequenceEqual("sudo"u8))
            SudoFields.Add(batch, start + header.Message.Start, header.Message.Of(line));
    }

    private static void Add(EventBatch batch, FieldId field, int start, TextPart part)
    {
        if (!part.IsEmpty) batch.AddField(field, FieldKind.Text, start + part.Start, part.Length);
    }

    private static void AddName(EventBatch batch, FieldId field, ReadOnlySpan<byte> name)
    {
        if (!name.IsEmpty) batch.AddText(field, name);
    }

    /// <summary>Anybody may write a line that looks like an audit record under a name of their own.</summary>
    private static bool MayBeAudit(ReadOnlySpan<byte> program, byte writer) => // hot
        writer == AuditService || program.SequenceEqual("kernel"u8) || program.SequenceEqual("audit"u8);

    /// <summary>What this node writes to its standard output may come back by the system's log.</summary>
    internal static bool IsOwn(ReadOnlySpan<byte> program, ReadOnlySpan<byte> pid) => // hot
        program.SequenceEqual("picket"u8) && Utf8Parser.TryParse(pid, out int number, out var used) && used == pid.Length
        && number == Environment.ProcessId;
}
