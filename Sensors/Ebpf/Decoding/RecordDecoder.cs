using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Audit;
using Picket.Sensors.Ebpf.Folders;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>
/// Turns records of the ring, and of the task iterator, into records of a batch. A record's strings are copied once, in one
/// piece, and the fields point into that copy. Bytes that make no sense are counted, never thrown over: what is in the ring
/// was written by other processes' names and arguments.
/// </summary>
/// <remarks>Not thread-safe: one per reader.</remarks>
public sealed class RecordDecoder
{
    private readonly DnsState _dns;
    private long _decoded;
    private long _malformed;
    private long _unknown;

    /// <summary>Makes audit records of what is decoded; null for none.</summary>
    internal AuditView? Audit { get; set; }

    /// <summary>Finds the folders that callers named by strings; null for none: then their links are not seen through.</summary>
    internal FolderCache? Folders { get; set; }

    /// <summary>Makes a decoder that remembers nothing of earlier ones.</summary>
    public RecordDecoder()
        : this(new DnsState())
    {
    }

    /// <summary>Makes a decoder that goes on with what another one remembered of DNS, which must not be used any more.</summary>
    public RecordDecoder(DnsState dns) => _dns = dns;

    /// <summary>Records put into batches.</summary>
    public long Decoded => Volatile.Read(ref _decoded);

    /// <summary>Records whose bytes contradicted themselves.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Records of kinds that this build does not know.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Records of a batch that one record of the ring may become: the event, and the auditd view of it.</summary>
    public const int MostPerRecord = 8;

    /// <summary>
    /// Adds a record to <paramref name="batch"/>, which must have room for <see cref="MostPerRecord"/> more. What is derived from
    /// it follows it, with the same process, time and number.
    /// </summary>
    /// <param name="record">The record's bytes, as the ring or the iterator gave them; longer than the record is allowed.</param>
    /// <param name="position">The record's number: its end position in the ring, so that it is the same when read again.</param>
    /// <param name="redelivered">Whether the record was handed on before, by a run that ended without completing it.</param>
    /// <param name="batch">Where to.</param>
    public DecodeResult Decode(ReadOnlySpan<byte> record, ulong position, bool redelivered, EventBatch batch) // hot
    {
        var result = DecodeResult.Malformed;
        if (record.Length >= Unsafe.SizeOf<RecordHeader>())
        {
            ref readonly var header = ref MemoryMarshal.AsRef<RecordHeader>(record);
            if (header.Length <= (uint)record.Length && header.Length >= (uint)Unsafe.SizeOf<RecordHeader>())
            {
                var bytes = record[..(int)header.Length];
                var before = batch.Count;
                result = ConcernOf(header.Kind) switch
                {
                    Concern.Process => ProcessDecoder.Decode(header.Kind, bytes, batch),
                    Concern.File or Concern.Uring => FileDecoder.Decode(header.Kind, bytes, batch, Folders),
                    Concern.Network => NetworkDecoder.Decode(header.Kind, bytes, batch, _dns),
                    Concern.Dns => DnsDecoder.Decode(header.Kind, bytes, batch, _dns),
                    Concern.Privilege => CallDecoder.Decode(header.Kind, bytes, batch),
                    _ => DecodeResult.Unknown,
                };
                if (header.Kind == RecordKind.Exec && Folders is { } folders && batch.Count > before
                    && batch.View(before).TryGetDetail(out var detail)) folders.Learn(detail.MountNamespace, detail.ParentPid);
                if (result == DecodeResult.Decoded && Audit is { } audit)
                {
                    // An exchange of two names is two events.
                    var decoded = batch.Count;
                    for (var i = before; i < decoded; i++) audit.Derive(header.Kind, bytes, batch, i);
                }

                if (result == DecodeResult.Decoded) Finish(header, position, redelivered, batch, before);
            }
        }

        switch (result)
        {
            case DecodeResult.Decoded: Volatile.Write(ref _decoded, _decoded + 1); break;
            case DecodeResult.Malformed: Volatile.Write(ref _malformed, _malformed + 1); break;
            default: Volatile.Write(ref _unknown, _unknown + 1); break;
        }

        return result;
    }

    private static void Finish(in RecordHeader header, ulong position, bool redelivered, EventBatch batch, int first) // hot
    {
        foreach (ref readonly var added in batch.Records[first..]) Finish(header, position, redelivered, ref Unsafe.AsRef(in added));
    }

    private static void Finish(in RecordHeader header, ulong position, bool redelivered, ref EventRecord record) // hot
    {
        record.Key = KeyOf(header.Process);
        record.TimeNs = header.Time;
        record.ThreadId = (int)header.Process.Pid;
        record.Sequence = position;
        if (redelivered) record.Flags |= EventFlags.Redelivered;
    }

    /// <summary>Kinds come in blocks of 16, one or two a concern (enum event_kind in bpf/events.h).</summary>
    private static Concern ConcernOf(RecordKind kind) => ((int)kind >> 4) switch // hot
    {
        0 => Concern.Process,
        1 => Concern.File,
        2 => Concern.Network,
        3 => Concern.Dns,
        4 or 5 => Concern.Privilege,
        6 => Concern.Uring,
        _ => Concern.Syscall,
    };

    private static ProcessKey KeyOf(in TaskKey key) => new(key.Start, (int)key.Tgid);
}
