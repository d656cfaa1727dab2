using Picket.Detection.Events;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Audit;

namespace Picket.Sensors.Replay.Lines;

/// <summary>
/// Reads the lines of a recorded log by the decoder of the live ones: the same fields, the same services. Records of one audit event are
/// joined (see <see cref="AuditEvents"/>); of a log that is auditd's a line that is none is malformed. Any other line is one of syslog.
/// </summary>
public sealed class LineRecordReader : IRecordReader
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

    private readonly InputWindow _window;
    private readonly EventSource _source;
    private readonly Action<MalformedRecord> _onMalformed;
    private readonly bool _audit;
    private readonly LineDecoder _decoder;
    private readonly AuditEvents _events = new();

    /// <summary>Reads <paramref name="input"/>, which the reader then owns.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="audit">Whether every line is to be a record of the audit system.</param>
    /// <param name="onMalformed">Told of each line that is no record, in order.</param>
    /// <param name="time">What times without a year are compared with.</param>
    public LineRecordReader(Stream input, string file, bool audit, Action<MalformedRecord> onMalformed, TimeProvider time)
    {
        _window = new InputWindow(input);
        _source = new EventSource("replay", "", file, 0) { Log = file };
        _audit = audit;
        _onMalformed = onMalformed;
        _decoder = new LineDecoder(time, recorded: true);
    }

    /// <inheritdoc/>
    public long Records { get; private set; }

    /// <inheritdoc/>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _window.BytesRead;

    /// <inheritdoc/>
    public bool Fill(EventBatch batch, IBatchOwner? owner)
    {
        batch.Begin(_source, owner);
        while (!TryFill(batch))
        {
        }

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _window.Dispose();

    /// <summary>Reads lines; false when the input turned out to be damaged: it ends there, and what came before is read yet.</summary>
    private bool TryFill(EventBatch batch)
    {
        try
        {
            while (batch.Count < batch.Capacity && batch.FreeBytes > 4096 && TryLine(batch))
            {
            }

            return true;
        }
        catch (InvalidDataException e)
        {
            Reject(_window.Column, $"the packed input is damaged, and ends here: {e.Message}");
            return false;
        }
    }

    /// <summary>Takes the next line; false at the end.</summary>
    private bool TryLine(EventBatch batch)
    {
        int end;
        while ((end = _window.Rest.IndexOf((byte)'\n')) < 0 && !_window.Ended && _window.Rest.Length < MaxLine) _window.Read();
        var rest = _window.Rest;
        if (rest.IsEmpty) return false;
        var length = end < 0 ? rest.Length : end;
        var cut = length > MaxLine || (end < 0 && !_window.Ended);
        Add(batch, rest[..Math.Min(length, MaxLine)].Trim("\r\0"u8), cut);
        if (end >= 0) _window.Advance(end + 1);
        else SkipLine();
        return true;
    }

    private void SkipLine()
    {
        while (true)
        {
            var end = _window.Rest.IndexOf((byte)'\n');
            _window.Advance(end < 0 ? _window.Rest.Length : end + 1);
            if (end >= 0 || !_window.Read()) return;
        }
    }

    private void Add(EventBatch batch, ReadOnlySpan<byte> line, bool cut)
    {
        if (line.Trim(" \t"u8).IsEmpty) return;
        if (_audit && !AuditHeader.TryRead(line, out _))
        {
            Reject(1, "A record of the audit system begins with type= and audit(SECONDS.MILLIS:SERIAL).");
            return;
        }

        var flags = cut ? EventFlags.LineTruncated : EventFlags.None;
        _decoder.Decode(batch, _audit ? Auditd : Syslog, line, (ulong)_window.Line, flags);
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

    private void Reject(int column, string message)
    {
        Malformed++;
        _onMalformed(new MalformedRecord(_source.File!, _window.Line, column, message));
    }
}
