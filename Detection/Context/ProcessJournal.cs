using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Context;

/// <summary>
/// The table of processes, on disk: the beginning of every process and each program it executed. The ring gives a killed node's
/// successor the records that were not done with; this gives it the processes that those records are about. What has left the table is
/// left behind when the journal is written anew; the dead ancestors of the living are in the node's store.
/// </summary>
/// <remarks>Written before the record's batch can be completed, never synced: a power cut ends the boot and with it all keys.</remarks>
public sealed class ProcessJournal : IDisposable
{
    private const int SegmentBytes = 4 << 20;
    private const int MaxRecordBytes = 1 << 20;

    private readonly SegmentJournal _journal;
    private readonly ulong _boot;
    private readonly long _maxBytes;
    private byte[] _record = new byte[4096];

    private ProcessJournal(SegmentJournal journal, string bootId, long maxBytes)
    {
        _journal = journal;
        _boot = BootOf(bootId);
        _maxBytes = maxBytes;
    }

    /// <summary>Records that could not be written; the processes behind them are known to this run only.</summary>
    public long Unwritten { get; private set; }

    /// <summary>Opens the journal in <paramref name="folder"/>.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">The journal's folder, made when missing.</param>
    /// <param name="bootId">The running boot; records of another one are passed over.</param>
    /// <param name="maxBytes">The bound, at least 16 MiB.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="JournalFormatException">The folder holds something else.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public static ProcessJournal Open(IFileSpace files, string folder, string bootId, long maxBytes, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 4L * SegmentBytes);
        var options = new JournalOptions
        {
            Kind = "process",
            SegmentBytes = SegmentBytes,
            MaxBytes = maxBytes,
            MaxRecordBytes = MaxRecordBytes,
            Sync = SyncPolicy.None,
        };
        return new ProcessJournal(SegmentJournal.Open(files, folder, options, time), bootId, maxBytes);
    }

    /// <summary>Writes down a process as it stands. A fork that shares its parent's program says only whose.</summary>
    /// <param name="context">The process.</param>
    /// <param name="table">What is written anew when the journal is full.</param>
    internal void Add(ProcessContext context, ProcessTable table)
    {
        if (_journal.Bytes > _maxBytes - SegmentBytes) Renew(table);
        Append(context, mayShare: true);
    }

    /// <summary>Gives <paramref name="table"/> the processes of this boot, oldest record first.</summary>
    internal void Restore(ProcessTable table)
    {
        using var reader = _journal.ReadFrom(_journal.Start);
        while (reader.TryPeek(long.MaxValue, out var record, out var next))
        {
            if (record.Length >= Unsafe.SizeOf<Head>())
            {
                var head = MemoryMarshal.Read<Head>(record);
                var program = head.Shares == 0 ? ProgramImage.Load(head.Program, record[Unsafe.SizeOf<Head>()..]) : null;
                if (head.Boot == _boot && (head.Shares != 0 || program is not null))
                    table.Restore(new ProcessKey(head.StartNs, head.Pid), head.Detail, program);
            }

            reader.Advance(next);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private static ulong BootOf(string bootId)
    {
        var bytes = Encoding.UTF8.GetBytes(bootId);
        var hash = System.Security.Cryptography.SHA256.HashData(bytes);
        return MemoryMarshal.Read<ulong>(hash);
    }

    private void Append(ProcessContext context, bool mayShare)
    {
        var shares = mayShare && context.Parent is { } forking && ReferenceEquals(forking.Program, context.Program);
        var program = shares ? ProgramImage.Unknown : context.Program;
        var size = Unsafe.SizeOf<Head>() + program.StoredLength;
        if (size > MaxRecordBytes)
        {
            Unwritten++;
            return;
        }

        if (_record.Length < size) _record = new byte[size * 2];
        var head = new Head
        {
            Boot = _boot, StartNs = context.Key.StartNs, Pid = context.Key.Pid, Shares = shares ? 1 : 0, Program = program.Shape,
            Detail = context.Parent is { } parent ? context.Detail.WithParent(parent.Key) : context.Detail,
        };
        MemoryMarshal.Write(_record, in head);
        program.Store(_record.AsSpan(Unsafe.SizeOf<Head>(), program.StoredLength));
        if (_journal.TryAppend(_record.AsSpan(0, size), out _) != AppendOutcome.Done) Unwritten++;
    }

    /// <summary>Writes the table to the end and gives up what is before it; a table that is too large leaves the newest half.</summary>
    private void Renew(ProcessTable table)
    {
        var half = _maxBytes / 2;
        try
        {
            _journal.Trim(_journal.End - half);
            var all = table.All.ToList();
            if (all.Sum(context => (long)Unsafe.SizeOf<Head>() + context.Program.StoredLength) > half - (2 * SegmentBytes)) return;
            var start = _journal.End;
            foreach (var context in all) Append(context, mayShare: false);
            _journal.Trim(start);
        }
        catch (IOException)
        {
            // The append that follows says whether there is room.
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Head
    {
        public ulong Boot;
        public ulong StartNs;
        public int Pid;
        public int Shares;
        public ProcessDetail Detail;
        public ProgramShape Program;
    }
}
