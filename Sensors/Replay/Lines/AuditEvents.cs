using System.Buffers.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Lines;

/// <summary>
/// Joins the records of one audit event: SYSCALL, which comes first, says which process it was, and the others of the same time, serial
/// number and host (EXECVE, CWD, PATH and so on) get that from it, as the records have it that are made of kernel events. Each stays a
/// record of its own, with its own type and its own arguments. Only the last events are remembered: their records may be mixed, but are
/// near to one another.
/// </summary>
internal sealed class AuditEvents
{
    private const int Remembered = 64;

    /// <summary>What SYSCALL says of the process. Its arguments, its result and its key are its own.</summary>
    private static readonly FieldId[] Shared =
    [
        .. new[]
        {
            "exe", "comm", "pid", "ppid", "auid", "ses", "uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid", "tty",
        }.Select(FieldTable.Intern),
    ];

    private readonly Call[] _calls = new Call[Remembered];
    private int _next;

    public AuditEvents()
    {
        for (var i = 0; i < _calls.Length; i++) _calls[i] = new Call();
    }

    /// <summary>Completes the batch's last record, which is one of the audit system.</summary>
    public void Join(EventBatch batch) // hot
    {
        var view = batch.View(batch.Count - 1);
        var time = view.Record.TimeNs;
        if (!Utf8Parser.TryParse(view.First(LogFields.Serial).Text, out ulong serial, out _)) return;
        var host = view.First(LogFields.Host).Text;
        if (view.First(LogFields.Type).Text.SequenceEqual("SYSCALL"u8))
        {
            _calls[_next].Remember(view, time, serial, host);
            _next = (_next + 1) % Remembered;
            return;
        }

        // The event of the record before is the likeliest one.
        for (var i = 1; i <= Remembered; i++)
        {
            var call = _calls[(_next - i + Remembered) % Remembered];
            if (!call.Is(time, serial, host)) continue;
            call.Complete(batch);
            return;
        }
    }

    /// <summary>A SYSCALL record's shared fields, copied.</summary>
    private sealed class Call
    {
        private readonly FieldEntry[] _entries = new FieldEntry[Shared.Length];
        private byte[] _bytes = new byte[256];
        private int _hostLength;
        private int _count;
        private ulong _time;
        private ulong _serial;

        public bool Is(ulong time, ulong serial, ReadOnlySpan<byte> host) => // hot
            _serial == serial && _time == time && _count > 0 && host.SequenceEqual(_bytes.AsSpan(0, _hostLength));

        public void Remember(in EventView view, ulong time, ulong serial, ReadOnlySpan<byte> host)
        {
            (_time, _serial, _count) = (time, serial, 0);
            var at = 0;
            Add(host, ref at);
            _hostLength = at;
            foreach (var field in Shared)
            {
                var value = view.First(field);
                if (!value.IsPresent) continue;
                _entries[_count++] = new FieldEntry(field, value.Kind, at, value.Text.Length);
                Add(value.Text, ref at);
            }
        }

        public void Complete(EventBatch batch)
        {
            for (var i = 0; i < _count; i++)
            {
                var entry = _entries[i];
                if (batch.View(batch.Count - 1).First(entry.Id).IsPresent) continue;
                batch.AddField(entry.Id, entry.Kind, batch.Append(_bytes.AsSpan(entry.Start, entry.Length)), entry.Length);
            }
        }

        private void Add(ReadOnlySpan<byte> text, ref int at)
        {
            if (at + text.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, at + text.Length));
            text.CopyTo(_bytes.AsSpan(at));
            at += text.Length;
        }
    }
}
