using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;
using Mono.Cecil.Cil;
using Picket.Detection.Events;
using Picket.Sensors.Evtx;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The reader of Windows event logs. An input is what lies behind the header of a chunk, behind one byte of <see cref="NoMagic"/> and the
/// like; a sound chunk follows.
/// </summary>
internal sealed class EvtxTarget : IFuzzTarget
{
    /// <summary>Bits of the first byte: the chunk has lost its magic number; its sums are wrong; it is cut where its records end.</summary>
    public const byte NoMagic = 1, WrongSums = 2, Cut = 4;

    private const ulong LastId = 1000;

    private static readonly byte[] Sound = SoundChunk();

    // Large objects are what a search would spend most of its time on; what failed with them is not used again.
    [ThreadStatic]
    private static EventBatch? _batch;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _json;

    public string Name => "evtx";

    public IReadOnlyList<Assembly> Assemblies => [typeof(EvtxReader).Assembly, typeof(EventBatch).Assembly];

    public IEnumerable<byte[]> Seeds => EvtxSeeds.All;

    public IReadOnlyList<string> Extensions => [".evtx-records"];

    public Vocabulary Vocabulary => EvtxSeeds.Vocabulary;

    public long MaxAllocation => 64L << 20;

    /// <summary>Who writes times throws at those far in the future.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Sensors.Evtx.BinXml.ValueText", "WriteTime", (method, start) =>
    [
        .. (((string Name, int Least)[])[("year", 2_100), ("year", 3_000)]).SelectMany(part => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg, method.Parameters.Single(parameter => parameter.Name == part.Name)),
            Instruction.Create(OpCodes.Ldc_I4, part.Least),
            Instruction.Create(OpCodes.Blt, start),
        ]),
    ]);

    /// <summary>The chunk of an input.</summary>
    public static byte[] ChunkOf(byte[] input)
    {
        var flags = input.Length > 0 ? input[0] : (byte)0;
        var records = input.AsSpan(Math.Min(1, input.Length));
        byte[] written = [.. new byte[EvtxChunk.HeaderSize], .. records[..Math.Min(records.Length, EvtxChunk.Size - EvtxChunk.HeaderSize)]];
        var chunk = EvtxMaker.Chunk(written, 1, LastId);
        if ((flags & NoMagic) != 0) chunk[3] = 0;
        if ((flags & WrongSums) != 0) chunk[52] ^= 1;
        return (flags & Cut) != 0 ? chunk[..written.Length] : chunk;
    }

    public string? Check(byte[] input)
    {
        var bytes = EvtxMaker.File(ChunkOf(input), Sound);
        var told = 0;
        using var reader = new EvtxReader(new MemoryStream(bytes), "fuzz", _ => told++);
        var batch = _batch ?? new EventBatch(16, 128 * 1024);
        _batch = null;
        var fault = (string?)null;
        var records = 0UL;
        while (fault is null && reader.Fill(batch, null))
        {
            fault = BatchChecks.Run(batch);
            for (var i = 0; i < batch.Count && fault is null; i++) fault = Whole(batch.View(i), ++records);
            batch.LetGo();
        }

        if (fault is not null) return fault;
        batch.LetGo();
        _batch = batch;
        if (reader.Records != (long)records || reader.Malformed != told) return "counts: not those of what was given";
        if (reader.BytesRead != bytes.Length) return $"bytes: {reader.BytesRead} of {bytes.Length} read";
        return reader.Records + reader.Malformed > 0 ? null : "records: the sound chunk behind the input is lost";
    }

    private static string? Whole(in EventView view, ulong number)
    {
        if (view.Record.Sequence != number) return "record: not in order";
        if (view.Raw.Length is < 28 or > EvtxChunk.Size) return $"raw: {view.Raw.Length} bytes";
        foreach (ref readonly var entry in view.Entries)
        {
            var text = view.ValueOf(entry).Text;
            if (!Utf8.IsValid(text)) return "field: not UTF-8";
            if (entry.Kind == FieldKind.Number && !IsNumber(text)) return "field: not a number";
        }

        var json = _json ??= new ArrayBufferWriter<byte>();
        json.ResetWrittenCount();
        view.Source.Original!.Write(view, json);
        if (json.WrittenCount == 0) return null;
        var reader = new Utf8JsonReader(json.WrittenSpan, new JsonReaderOptions { MaxDepth = 1000 });
        while (reader.Read())
        {
        }

        return null;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        return reader.Read() && reader.TokenType == JsonTokenType.Number;
    }

    private static byte[] SoundChunk()
    {
        var maker = new EvtxMaker(LastId + 1);
        maker.Event(("Last", EvtxType.Text, EvtxMaker.Utf16("sound")));
        return maker.Chunk();
    }
}
