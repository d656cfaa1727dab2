using System.Buffers;
using Picket.Detection.Events;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Audit;

namespace Picket.Sensors.Replay.Lines;

/// <summary>
/// Reads the lines of a recorded log by the decoder of the live ones: the same fields, the same services. Records of one audit event are
/// joined (see <see cref="AuditEvents"/>); of a log that is auditd's a line that is none is malformed. Any other line is one of syslog.
/// </summary>
public sealed class LineRecordReader : WindowReader
{
    /// <summary>Bytes of a line that are carried, the most that live logs may; the rest is skipped, and the record says so.</summary>
    public const int MaxLine = 1024 * 1024;

    private static readonly LogService Auditd = new("auditd");
    private static readonly LogService Auth = new("auth");
    private static readonly LogService Syslog = new("syslog");

    /// <summary>Programs whose lines go to auth.log, and to its like elsewhere, where the line does not name its facility.</summary>
    private static readonly byte[][] AuthPrograms =
    [
        [.. "sshd"u8], [.. "sshd-session"u8], [.. "sshd-auth"u8], [.. "sudo"u8], [.. "su"u8], [.. "login"u8], [.. "systemd-logind"u8],
        [.. "polkitd"u8], [.. "pkexec"u8], [.. "passwd"u8], [.. "chpasswd"u8], [.. "useradd"u8], [.. "userdel"u8], [.. "usermod"u8],
        [.. "groupadd"u8], [.. "groupdel"u8], [.. "groupmod"u8], [.. "gpasswd"u8], [.. "chage"u8], [.. "newgrp"u8],
    ];

    private readonly bool _audit;
    private readonly LineDecoder _decoder;
    private readonly AuditEvents _events = new();
    private readonly ArrayBufferWriter<byte> _interpreted = new();
    private readonly LineBody? _body;

    /// <summary>Reads <paramref name="input"/>, which the reader then owns.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="audit">Whether every line is to be a record of the audit system.</param>
    /// <param name="onMalformed">Told of each line that is no record, in order.</param>
    /// <param name="time">What times without a year are compared with.</param>
    public LineRecordReader(Stream input, string file, bool audit, Action<MalformedRecord> onMalformed, TimeProvider time)
        : base(input, new EventSource("replay", "", file, 0) { Log = file }, onMalformed)
    {
        _audit = audit;
        _decoder = new LineDecoder(time, recorded: true);
        if (!audit) _body = new LineBody(time);
    }

    private protected override bool TryNext(EventBatch batch)
    {
        int end;
        while ((end = Window.Rest.IndexOf((byte)'\n')) < 0 && !Window.Ended && Window.Rest.Length < MaxLine) Window.Read();
        var rest = Window.Rest;
        if (rest.IsEmpty) return false;
        var length = end < 0 ? rest.Length : end;
        var cut = length > MaxLine || (end < 0 && !Window.Ended);
        Add(batch, rest[..Math.Min(length, MaxLine)].Trim("\r\0"u8), cut);
        if (end >= 0) Window.Advance(end + 1);
        else Window.SkipLine();
        return true;
    }

    private void Add(EventBatch batch, ReadOnlySpan<byte> line, bool cut)
    {
        if (line.Trim(" \t"u8).IsEmpty) return;
        if (_audit && InterpretedAudit.IsSeparator(line)) return;
        if (_audit && !AuditHeader.TryRead(line, out _))
        {
            _interpreted.ResetWrittenCount();
            if (InterpretedAudit.TryRewrite(line, _interpreted))
            {
                Decode(batch, _interpreted.WrittenSpan, cut);
                return;
            }

            Reject(Window.Line, 1, "A record of the audit system begins with type= and audit(SECONDS.MILLIS:SERIAL).");
            return;
        }

        if (_body?.TryAdd(batch, line, (ulong)Window.Line) == true) Records++;
        else Decode(batch, line, cut);
    }

    private void Decode(EventBatch batch, ReadOnlySpan<byte> line, bool cut)
    {
        var flags = cut ? EventFlags.LineTruncated : EventFlags.None;
        _decoder.Decode(batch, _audit ? Auditd : Syslog, line, (ulong)Window.Line, flags);
        ref var record = ref batch.Last;
        if (record.Kind == EventKind.AuditRecord) _events.Join(batch);
        else if (IsAuth(batch.View(batch.Count - 1))) record.Route = Auth.Route with { Writer = record.Route.Writer };
        Records++;
    }

    /// <summary>Whether syslog puts the line where logins are: by its facility, else by the program that wrote it.</summary>
    private static bool IsAuth(in EventView view)
    {
        var facility = view.First(LogFields.Facility).Text;
        if (!facility.IsEmpty) return facility.StartsWith("auth"u8);
        var program = view.First(LogFields.Program).Text;
        foreach (var name in AuthPrograms)
        {
            if (program.SequenceEqual(name)) return true;
        }

        return false;
    }
}
