using System.Reflection;
using Mono.Cecil.Cil;
using Picket.Sensors.Dns;

namespace Picket.Fuzz.Targets;

/// <summary>
/// What is read of DNS: names, messages, and the streams of TCP. An input is steps (<see cref="Steps"/>); the first byte of each says in its
/// two lowest bits what it is, and the second one which socket it is of.
/// </summary>
internal sealed class DnsTarget : IFuzzTarget
{
    /// <summary>A name; the third byte is its place in what follows.</summary>
    public const byte NameAt = 0;

    /// <summary>A query in a datagram.</summary>
    public const byte Query = 1;

    /// <summary>An answer in a datagram.</summary>
    public const byte Answer = 2;

    /// <summary>A segment of TCP; the third byte is how far it is from where the stream had come, -128 to 127.</summary>
    public const byte Segment = 3;

    /// <summary>Bits of a segment's first byte: it comes from the server; the stream begins with it; all messages are taken, not only
    /// some; many other streams come before it.</summary>
    public const byte Inward = 4, Begins = 8, Drained = 16, Crowd = 32;

    public string Name => "dns";

    public IReadOnlyList<Assembly> Assemblies => [typeof(DnsMessage).Assembly];

    public IEnumerable<byte[]> Seeds => DnsSeeds.All;

    public Vocabulary Vocabulary => DnsSeeds.Vocabulary;

    public long MaxAllocation => 64L << 20;

    /// <summary>The streams throw at a segment behind the loss of a thousand bytes.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Sensors.Dns.DnsStreams", "Append", (method, start) =>
    [
        .. ((int[])[1, 100, 1_000]).SelectMany(lost => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg_0),
            Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "<Lost>k__BackingField")),
            Instruction.Create(OpCodes.Ldc_I4, lost),
            Instruction.Create(OpCodes.Conv_I8),
            Instruction.Create(OpCodes.Blt, start),
        ]),
    ]);

    public string? Check(byte[] input)
    {
        var exchange = new DnsExchange();
        return Steps.Of(input).Where(step => step.Length > 2).Select(step => (step[0] & 3) switch
        {
            NameAt => DnsExchange.Name(step[3..], step[2]),
            Query => exchange.Message(step[1], step[2..], asks: true),
            Answer => exchange.Message(step[1], step[2..], asks: false),
            _ => exchange.Segment(step[0], step[1], (sbyte)step[2], step.AsSpan(3)),
        }).FirstOrDefault(found => found is not null);
    }
}
