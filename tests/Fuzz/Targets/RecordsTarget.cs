using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mono.Cecil.Cil;
using Picket.Detection.Events;
using Picket.Sensors.Audit;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Audit;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Folders;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The decoder of the ring's records. An input is records (<see cref="Steps"/>), each behind one byte of <see cref="Raw"/> and the like; one
/// decoder takes all of them.
/// </summary>
internal sealed class RecordsTarget : IFuzzTarget
{
    /// <summary>Bits of a record's first byte: it keeps the length that its header says, which else is made right; it was read before.</summary>
    public const byte Raw = 1, Redelivered = 2;

    private const int NameTable = 8;
    private const int ArenaBytes = 1024;

    /// <summary>A record's arguments become a table of their ends, its names are joined, and the view of auditd names them again.</summary>
    private const int MostGrowth = 24;

    private const int MostExtra = 16 * 1024;

    private static readonly EventSource Source = new("ebpf", "fuzz", null, 0);

    private static readonly Lazy<AuditPlan> Plan = new(() => AuditPlan.Of(
        new AuditInterest(AuditTypes.All, new HashSet<string> { "ptrace", "mount", "setuid" }, new HashSet<string> { "k" }),
        [AuditRule.Parse("-w /bin/x -p x -k k"), AuditRule.Parse("-a always,exit -S ptrace -k k")]));

    public string Name => "records";

    public IReadOnlyList<Assembly> Assemblies => [typeof(RecordDecoder).Assembly, typeof(EventBatch).Assembly];

    public IEnumerable<byte[]> Seeds => RecordSeeds.All;

    public Vocabulary Vocabulary => RecordSeeds.Vocabulary;

    public long MaxAllocation => 64L << 20;

    /// <summary>The writer of flags throws where three certain ones are set, of which no two are in a seed.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Sensors.Ebpf.Decoding.FlagList", "Add", (method, start) =>
    [
        .. ((FileFlags[])[FileFlags.Detached, FileFlags.TextChanged, FileFlags.Unsure]).SelectMany(flag => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg, method.Parameters.Single(parameter => parameter.Name == "bits")),
            Instruction.Create(OpCodes.Ldc_I4, (int)flag),
            Instruction.Create(OpCodes.And),
            Instruction.Create(OpCodes.Brfalse, start),
        ]),
    ]);

    public string? Check(byte[] input)
    {
        var decoder = new RecordDecoder(new DnsState(new AddressNames(NameTable), new PendingQueries(groups: 1)))
        {
            Audit = new AuditView(Plan.Value),
            Folders = new FolderCache(new InventedFolders(), new StillTime()),
        };
        var batch = new EventBatch(1 + RecordDecoder.MostPerRecord, ArenaBytes);
        var position = 0UL;
        return Steps.Of(input).Where(step => step.Length > 0).Select(step => Decode(decoder, batch, step, ++position))
            .FirstOrDefault(found => found is not null);
    }

    private static string? Decode(RecordDecoder decoder, EventBatch batch, byte[] step, ulong position)
    {
        var record = step.AsSpan(1);
        if ((step[0] & Raw) == 0 && record.Length >= Unsafe.SizeOf<RecordHeader>())
            MemoryMarshal.AsRef<RecordHeader>(record).Length = (uint)record.Length;

        // Another's record lies before it.
        batch.Begin(Source, null);
        batch.Add(EventKind.LogLine);
        batch.AddText(LogFields.Message, "another's"u8);
        var (entries, bytes) = (batch.Entries.Length, batch.Arena.Length);
        var before = (decoder.Decoded, decoder.Malformed, decoder.Unknown);
        var result = decoder.Decode(record, position, (step[0] & Redelivered) != 0, batch);
        var fault = Counted(result, before, decoder) ?? Judged(result, record)
            ?? (result == DecodeResult.Decoded ? Whole(batch, record, position, (step[0] & Redelivered) != 0)
                : (batch.Count, batch.Entries.Length, batch.Arena.Length) == (1, entries, bytes) ? null
                : $"batch: a record that is {result} changed it");
        batch.LetGo();
        return fault;
    }

    private static string? Counted(DecodeResult result, (long Decoded, long Malformed, long Unknown) before, RecordDecoder decoder)
    {
        var expected = result switch
        {
            DecodeResult.Decoded => before with { Decoded = before.Decoded + 1 },
            DecodeResult.Malformed => before with { Malformed = before.Malformed + 1 },
            _ => before with { Unknown = before.Unknown + 1 },
        };
        return (decoder.Decoded, decoder.Malformed, decoder.Unknown) == expected ? null : $"counts: not those of {result}";
    }

    /// <summary>A kind that this build does not know is unknown whatever else is in it, and no other one is.</summary>
    private static string? Judged(DecodeResult result, ReadOnlySpan<byte> record)
    {
        if (record.Length < Unsafe.SizeOf<RecordHeader>()) return result == DecodeResult.Malformed ? null : $"header: too short, yet {result}";
        ref readonly var header = ref MemoryMarshal.AsRef<RecordHeader>(record);
        if (header.Length > record.Length || header.Length < Unsafe.SizeOf<RecordHeader>())
            return result == DecodeResult.Malformed ? null : $"header: of another length, yet {result}";
        var isKnown = header.Kind != RecordKind.None && Enum.IsDefined(header.Kind);
        return isKnown == (result != DecodeResult.Unknown) ? null : $"kind: {header.Kind} is {result}";
    }

    private static string? Whole(EventBatch batch, ReadOnlySpan<byte> bytes, ulong position, bool redelivered)
    {
        if (BatchChecks.Run(batch) is { } fault) return fault;
        if (!batch.View(0).First(LogFields.Message).Text.SequenceEqual("another's"u8) || batch.Records[0].FieldCount != 1)
            return "batch: the record before was changed";
        if (batch.Arena.Length > (MostGrowth * bytes.Length) + MostExtra) return $"batch: {batch.Arena.Length} bytes of {bytes.Length}";
        ref readonly var header = ref MemoryMarshal.AsRef<RecordHeader>(bytes);
        var key = new ProcessKey(header.Process.Start, (int)header.Process.Tgid);
        foreach (ref readonly var record in batch.Records[1..])
        {
            if (record.Key != key || record.TimeNs != header.Time || record.ThreadId != (int)header.Process.Pid || record.Sequence != position)
                return "record: not of the process, the time or the place of its bytes";
            if (((record.Flags & EventFlags.Redelivered) != 0) != redelivered) return "record: redelivered or not";
        }

        return null;
    }

    /// <summary>Some folders are links, some cannot be found; no file system is asked.</summary>
    private sealed class InventedFolders : IFolderLookup
    {
        public int Find(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> folder, Span<byte> result) => (mountNamespace % 3) switch
        {
            0 => -1,
            1 => Give("/real"u8, result),
            _ => Give(folder[..^1], result),
        };

        public int FindAny(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, Span<byte> result) =>
            Find(mountNamespace, pid, root, path, result);

        public void Learn(uint mountNamespace, int pid)
        {
        }

        private static int Give(ReadOnlySpan<byte> path, Span<byte> result) => path.TryCopyTo(result) ? path.Length : -1;
    }
}
