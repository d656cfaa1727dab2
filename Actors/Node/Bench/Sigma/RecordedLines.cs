using System.Buffers;
using Picket.Detection.Events;
using Picket.Node.CommandLine;
using Picket.Node.Replaying;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Inputs;

namespace Picket.Node.Bench.Sigma;

/// <summary>Recorded events of any form as JSON lines, which is what is measured from.</summary>
internal static class RecordedLines
{
    private const int BatchRecords = 512;
    private const int BatchBytes = 1 << 20;
    private const int MostProblems = 10;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>Reads all events of a file, or of the files below a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="malformed">What of it is no record.</param>
    /// <exception cref="UsageException">There is none, one cannot be read, or they are too many for the memory.</exception>
    public static byte[] Read(string path, out long malformed)
    {
        using var lines = new MemoryStream();
        var problems = 0;
        try
        {
            foreach (var file in InputFiles.Find(path)) Add(file, lines, problem =>
            {
                if (++problems <= MostProblems) Console.Error.WriteLine($"picket: {problem}");
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }

        if (problems > MostProblems) Console.Error.WriteLine($"picket: {problems - MostProblems} more like these");
        malformed = problems;
        return lines.Length > 0 ? lines.ToArray() : throw new UsageException($"{path}: there are no events in it");
    }

    private static void Add(string file, MemoryStream lines, Action<MalformedRecord> onMalformed)
    {
        foreach (var part in InputParts.Open(file, File.OpenRead(file), InputFormat.Unknown, onMalformed))
        {
            using var content = part.Content;
            using var reader = RecordReaders.Open(part, onMalformed);
            if (reader is null) continue;
            if (part.Format is InputFormat.Audit or InputFormat.Syslog)
            {
                onMalformed(new MalformedRecord(part.Name, 0, 0, "lines of a log have no form in JSON: they are left out"));
                continue;
            }

            var batch = new EventBatch(BatchRecords, BatchBytes);
            while (reader.Fill(batch, null))
            {
                for (var i = 0; i < batch.Count; i++) Add(batch.View(i), lines);
                batch.LetGo();
            }
        }
    }

    private static void Add(in EventView view, MemoryStream lines)
    {
        var raw = view.Raw;
        if (view.Source.Original is { } original)
        {
            var text = new ArrayBufferWriter<byte>();
            original.Write(view, text);
            raw = text.WrittenSpan;
        }

        if (raw.IsEmpty) return;

        // Within strings JSON has no line ends, and elsewhere a blank does as well.
        var line = raw.ToArray();
        line.AsSpan().ReplaceAny(LineEnds, (byte)' ');
        lines.Write(line);
        lines.WriteByte((byte)'\n');
    }
}
