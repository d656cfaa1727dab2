using System.Reflection;
using Microsoft.Win32.SafeHandles;
using Mono.Cecil.Cil;
using Picket.Detection.Events;
using Picket.Sensors.Logs;
using Picket.Sensors.Logs.Following;
using Picket.Sensors.Logs.Journal;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The readers of log lines. An input is parts (<see cref="Steps"/>): the two lowest bits of each part's first byte say what it is, for a file
/// the next three in how many pieces it is written.
/// </summary>
internal sealed class LogsTarget : IFuzzTarget
{
    /// <summary>A file of lines by syslog, one of audit records, entries of the journal.</summary>
    public const byte Syslog = 0, Audit = 1, Journal = 2;

    private const int MaxLine = 1024;
    private const int BatchRecords = 4;
    private const int ArenaBytes = 16 * 1024;

    /// <summary>What journald took from the beginning of an audit record is put before it again.</summary>
    private const int AuditPrefix = 128;

    private static readonly LogService OfSyslog = new("syslog"), OfAudit = new("auditd");

    public string Name => "logs";

    public IReadOnlyList<Assembly> Assemblies => [typeof(LineDecoder).Assembly, typeof(EventBatch).Assembly];

    public IEnumerable<byte[]> Seeds => LogSeeds.All;

    public Vocabulary Vocabulary => LogSeeds.Vocabulary;

    public long MaxAllocation => 64L << 20;

    /// <summary>The reader of arguments in pieces throws at another piece of an argument behind the tenth that has more than two bytes.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Sensors.Logs.Audit.AuditDecoder", "AddPiece", (method, start) =>
    [
        Instruction.Create(OpCodes.Ldarg_0),
        Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "_pieceOf")),
        Instruction.Create(OpCodes.Ldc_I4, 10),
        Instruction.Create(OpCodes.Ble, start),
        Instruction.Create(OpCodes.Ldarg_0),
        Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "_pieces")),
        Instruction.Create(OpCodes.Callvirt, method.Module.ImportReference(typeof(List<byte>).GetMethod("get_Count"))),
        Instruction.Create(OpCodes.Ldc_I4, 2),
        Instruction.Create(OpCodes.Ble, start),
    ]);

    public string? Check(byte[] input) => Steps.Of(input).Where(step => step.Length > 1)
        .Select(step => (step[0] & 3) >= Journal ? Entries(step[1..]) : File(step[1..], (step[0] & 3) == Audit ? OfAudit : OfSyslog, (step[0] >> 2 & 7) + 1))
        .FirstOrDefault(found => found is not null);

    private static string? File(byte[] bytes, LogService service, int pieces)
    {
        var file = new GrowingFile(bytes);
        var counts = new LogCounts();
        var reader = new LineReader(new LineDecoder(new StillTime()), MaxLine, file);
        var track = new Track("/log", default, 0);
        using var handle = new SafeFileHandle(-1, ownsHandle: false);
        using var follower = new Follower(track, service, handle, counts, file);
        var lines = LineTwin.Lines(bytes, MaxLine);
        var next = 0;
        var batch = new EventBatch(BatchRecords, ArenaBytes);
        for (var piece = 1; piece <= pieces; piece++)
        {
            file.Written = bytes.Length * piece / pieces;
            for (var before = -1L; before != follower.Position;)
            {
                before = follower.Position;
                if (!reader.Load(follower)) break;
                batch.Begin(track.Source, null);
                reader.Take(follower, batch, last: piece == pieces);
                var fault = BatchChecks.Run(batch);
                for (var i = 0; i < batch.Count && fault is null; i++) fault = Line(batch.View(i), lines, ref next);
                batch.LetGo();
                if (fault is not null) return fault;
            }
        }

        if (follower.Position != bytes.Length) return $"position: {follower.Position} of {bytes.Length}";
        if (counts.ReadBytes != bytes.Length) return $"bytes: {counts.ReadBytes} of {bytes.Length}";
        var blank = lines.Count(line => line.Length == 0);
        return (counts.BlankLines, counts.Lines + counts.OwnLines) == (blank, lines.Count - blank)
            ? null
            : $"lines: {counts.Lines}, {counts.OwnLines} own and {counts.BlankLines} blank, not {lines.Count} with {blank} blank";
    }

    /// <summary>A record must be that of the next line, or of one behind some that became none.</summary>
    private static string? Line(EventView record, List<byte[]> lines, ref int next)
    {
        while (next < lines.Count && !(lines[next].Length > 0 && lines[next].AsSpan().EndsWith(record.Raw) && record.Raw.Length > 0)) next++;
        if (next == lines.Count) return "line: a record of none";
        var line = lines[next++];
        if (record.Raw.Length > MaxLine) return $"line: {record.Raw.Length} bytes";
        if (record.Record.Kind != EventKind.LogLine || record.Record.TimeNs == 0 || LineTwin.Time(line) is not { } time) return null;
        return time == record.Record.TimeNs ? null : $"time: {record.Record.TimeNs}, not {time}";
    }

    private static string? Entries(byte[] bytes)
    {
        var counts = new LogCounts();
        var decoder = new JournalDecoder(counts, MaxLine);
        var batch = new EventBatch(1, ArenaBytes);
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            var entry = bytes.AsSpan(range);
            if (entry.IsEmpty) continue;
            var before = (counts.Lines, Others: counts.OwnLines + counts.BlankLines, counts.SkippedTotal);
            batch.Begin(Track, null);
            decoder.Decode(batch, entry);
            var skipped = counts.SkippedTotal - before.SkippedTotal;
            if (skipped != 0 && skipped != entry.Length) return $"entry: {skipped} bytes of {entry.Length} are left out";
            var (handed, others) = (counts.Lines - before.Lines, counts.OwnLines + counts.BlankLines - before.Others);
            if (handed + others + (skipped > 0 ? 1 : 0) != 1 || handed != batch.Count) return $"entry: {handed}, {others} and {skipped} for one, {batch.Count} records";
            var fault = BatchChecks.Run(batch) ?? (batch.Count == 0 ? null : Entry(batch.View(0)));
            batch.LetGo();
            if (fault is not null) return fault;
        }

        return null;
    }

    private static string? Entry(EventView record)
    {
        if (record.Record.Kind == EventKind.AuditRecord && record.Raw.Length > MaxLine + AuditPrefix) return $"entry: an audit record of {record.Raw.Length} bytes";
        var message = record.First(LogFields.Message).Text.Length;
        return record.Record.Kind == EventKind.LogLine && message > MaxLine ? $"entry: a message of {message} bytes" : null;
    }

    private static readonly EventSource Track = new("logs", "fuzz", null, 0);
}
