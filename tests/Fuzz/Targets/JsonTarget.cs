using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Mono.Cecil.Cil;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Json;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The readers of JSON. An input is a file: read whole and in pieces it must give the same, and what the fast reader of flat objects takes of
/// a line the general one must take likewise.
/// </summary>
internal sealed class JsonTarget : IFuzzTarget
{
    private const int LinesOfArchive = 20;
    private static readonly EventSource Source = new("fuzz", "", null, 0);

    static JsonTarget()
    {
        foreach (var name in (string[])["a", "b", "c", "a.b", "näme", "EventID", "Channel", "Provider_Name", "Hashes"]) FieldTable.Intern(name);
    }

    public string Name => "json";

    public IReadOnlyList<Assembly> Assemblies => [typeof(JsonRecordReader).Assembly, typeof(EventBatch).Assembly];

    public IReadOnlyList<string> Extensions => [".json", ".zip"];

    public IEnumerable<byte[]> Seeds => ((string[])
    [
        "{\"a\":1,\"b\":\"x\"}", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}", "{\"a\":\"\\u00e9\\n\",\"b\":true,\"c\":null}\n{\"a\":-1.5e3}\n", "[{\"a\":1},{\"a\":[1,2,{\"b\":3}]}]", "{}", "{\n  \"a\": 1,\n  \"b\": {\"c\": []}\n}\n{\"a\":2}",
        "{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"Security\",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-11-22T10:11:12.1234567Z\"}}},\"EventData\":{\"Image\":\"C:\\\\a.exe\"}}}",
        "{\"@timestamp\":\"2026-11-22T10:11:12Z\",\"winlog\":{\"event_data\":{\"CommandLine\":\"x\"}},\"EventTime\":\"2026-11-22 10:11:12\"}", "\ufeff{\"a\":\"é\\ud83d\\ude00\"}\r\n",
        "{\"a\":1\n{\"b\":2}", "nonsense\n{\"a\":0}", "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"C:\\\\a\"} {\"a\":1},{\"a\":2}]",
    ]).Select(Encoding.UTF8.GetBytes);

    public Vocabulary Vocabulary { get; } = Vocabulary.OfTexts(
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "\\\\", "\\u", "\\u0041", "\\ud83d", "\\ude00", "\\n", "\\/", "\n", "\r\n", " ", "\t", "0", "-", "1", ".5", "e9", "E+1",
            "true", "false", "null", "\"a\":", "\"b\":1,", "\"c\":\"x\",", "\"a\":1,\"b\":2,", "\"Event\":{", "\"System\":{", "\"EventData\":{", "\"winlog\":{", "\"Image\":\"", "\"EventID\":", "\"Channel\":\"",
            "{\"a\":1}", "{}", "[]", "\"\"", "\ufeff", "é", "😀", "\0", "\u0001", "\"SystemTime\":\"", "2026-11-22T10:11:12.123456789Z", "\"UtcTime\":\"2026-11-22 10:11:12.123\"", "01", "1.", "-0",
        ],
        ("{", "}"), ("[", "]"), ("\"", "\""), ("{\"a\":", "}"), ("{\n", "\n}"));

    public long MaxAllocation => 64L << 20;

    /// <summary>The fast reader throws where it learns an eighth name.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Sensors.Replay.Json.NameChain", "Learn", (method, start) =>
    [
        .. ((int[])[5, 6, 7]).SelectMany(names => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg_0),
            Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "_count")),
            Instruction.Create(OpCodes.Ldc_I4, names),
            Instruction.Create(OpCodes.Blt, start),
        ]),
    ]);

    /// <summary>A file, or of an archive of lines some of them, each an input.</summary>
    public IEnumerable<byte[]> SeedsIn(string file)
    {
        if (Path.GetExtension(file) != ".zip")
        {
            yield return File.ReadAllBytes(file);
            yield break;
        }

        using var archive = ZipFile.OpenRead(file);
        foreach (var entry in archive.Entries)
        {
            using var lines = new StreamReader(entry.Open());
            for (var count = 0; count < LinesOfArchive && lines.ReadLine() is { } line; count++) yield return Encoding.UTF8.GetBytes(line);
        }
    }

    public string? Check(byte[] input)
    {
        var flat = new FlatScanner();
        var general = RecordFlattener.Make();
        var (fast, slow) = (new EventBatch(1, 2 * Mutator.MaxLength), new EventBatch(1, 2 * Mutator.MaxLength));
        foreach (var range in input.AsSpan().Split((byte)'\n'))
        {
            var fault = Flat(flat, general, fast, slow, input[range]);
            fast.LetGo();
            slow.LetGo();
            if (fault is not null) return fault;
        }

        var whole = Read(input, input.Length + 1, out var missing);
        if (missing is not null) return missing;
        var piece = 1 + (input.Length % 16);
        var pieces = Read(input, piece, out missing);
        return missing ?? (pieces == whole ? null : $"pieces: of {piece} bytes the input is {Part(pieces, whole)}, and whole {Part(whole, pieces)}");
    }

    /// <summary>The first line that is another one.</summary>
    private static string Part(string text, string other)
    {
        var lines = text.Split('\n');
        var (at, others) = (0, other.Split('\n'));
        while (at < lines.Length && at < others.Length && lines[at] == others[at]) at++;
        return at < lines.Length ? $"{at}: {lines[at]}" : "less";
    }

    /// <summary>What the fast reader takes, the general one takes with the same fields; what it leaves has no fields yet.</summary>
    private static string? Flat(FlatScanner flat, RecordFlattener flattener, EventBatch fast, EventBatch general, byte[] line)
    {
        var (raw, other) = (Begin(fast, line), Begin(general, line));
        if (!flat.TryRead(fast, raw, line, out var used)) return fast.View(0).Entries.Length == 0 ? null : "flat: fields of what it does not take";
        try
        {
            var expected = flattener.FlattenAny(general, other, line);
            if (expected != used) return $"flat: {used} bytes, not {expected}";
            return Told(fast.View(0)) == Told(general.View(0)) ? null : $"flat: {Told(fast.View(0))}, not {Told(general.View(0))}";
        }
        catch (JsonException e)
        {
            return $"flat: it takes what is no record: {e.Message}";
        }
    }

    private static int Begin(EventBatch batch, byte[] bytes)
    {
        batch.Begin(Source, null);
        batch.Add(EventKind.Unknown);
        return batch.Append(bytes);
    }

    /// <summary>All that the reader makes of the input in pieces of so many bytes.</summary>
    private static string Read(byte[] input, int piece, out string? fault)
    {
        // What is malformed is told while a batch is filled, and how much goes into a batch is not what matters.
        var (all, places) = (new StringBuilder(), new StringBuilder());
        var (records, told) = (0, 0);
        fault = null;
        using var reader = new JsonRecordReader(new Pieces(input, piece), "fuzz", malformed =>
        {
            told++;
            places.Append(System.Globalization.CultureInfo.InvariantCulture, $"malformed {malformed.Line}:{malformed.Column}\n");
        });
        var batch = new EventBatch(1 + (input.Length % 5), 16 * 1024);
        while (fault is null && reader.Fill(batch, null))
        {
            fault = BatchChecks.Run(batch);
            for (var i = 0; i < batch.Count; i++, records++) all.Append(System.Globalization.CultureInfo.InvariantCulture, $"{batch.View(i).Record.Sequence}@{batch.View(i).Record.TimeNs}: {Told(batch.View(i))}\n");
            batch.LetGo();
        }

        if (fault is null && (reader.Records != records || reader.Malformed != told)) fault = "counts: not those of what was given";
        if (fault is null && reader.BytesRead != input.Length) fault = $"bytes: {reader.BytesRead} of {input.Length} read";
        return all.Append(places).ToString();
    }

    private static string Told(EventView view)
    {
        var text = new StringBuilder(Convert.ToHexString(view.Raw));
        foreach (ref readonly var entry in view.Entries) text.Append(' ').Append(entry.Id.Value).Append(entry.Kind).Append(Convert.ToHexString(view.ValueOf(entry).Text));
        return text.ToString();
    }

    /// <summary>Gives no more than so many bytes at once.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);
    }
}
