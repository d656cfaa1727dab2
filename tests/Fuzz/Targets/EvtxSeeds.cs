using Picket.Sensors.Evtx.BinXml;

namespace Picket.Fuzz.Targets;

/// <summary>Event logs to begin with: records of each shape; and what they are made of.</summary>
internal static class EvtxSeeds
{
    private static readonly EvtxType[] Types = Enum.GetValues<EvtxType>();

    /// <summary>The inputs.</summary>
    public static IEnumerable<byte[]> All
    {
        get
        {
            yield return Seed(0, maker => maker.Event(("A", EvtxType.Text, EvtxMaker.Utf16("value")), ("B", EvtxType.UInt32, [1, 0, 0, 0])));
            yield return Seed(0, maker =>
            {
                for (var i = 0; i < 3; i++) maker.Event(("A", EvtxType.Text, EvtxMaker.Utf16($"value {i}")));
            });
            yield return Seed(EvtxTarget.NoMagic, maker => maker.Event(("A", EvtxType.Sid, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])));
            yield return Seed(EvtxTarget.WrongSums, maker => maker.Event(("A", EvtxType.Guid, new byte[16]), ("B", EvtxType.Binary, [1, 2, 3])));
            yield return Seed(EvtxTarget.Cut, maker => maker.Event(("A", EvtxType.HexInt64, new byte[8]), ("B", EvtxType.Bool, [1, 0, 0, 0])));
            yield return Seed(0, maker => maker.Event(("A", EvtxType.SystemTime, [0xE2, 7, 12, 0, 1, 0, 3, 0, 23, 0, 59, 0, 58, 0, 7, 0])));
            yield return Seed(0, maker => maker.Event(("A", EvtxType.Real64, BitConverter.GetBytes(1.5)), ("B", EvtxType.AnsiText, [65, 0x80, 0xE9])));
            yield return Seed(0, maker => maker.Event(
                ("A", EvtxType.Text | EvtxType.Array, EvtxMaker.Utf16("a\0b\0")), ("B", EvtxType.Int16 | EvtxType.Array, [1, 0, 2, 0])));
            yield return Seed(0, maker => maker.Record(made => made.Fragment().OpenPlain("Event").CloseStart().OpenPlain("UserData").CloseStart()
                .OpenPlain("E").CloseStart().OpenPlain("X", "k").Text("v").CloseStart().Text("a").Entity("amp").Character('b').CharacterData("c")
                .Instruction("t", "d").End().OpenPlain("Y").CloseEmpty().End().End().End().EndOfFile()));
            yield return Seed(0, Nested);
            yield return Seed(0, maker => maker.Record(made => made.Fragment().Instance("t", inner => inner.Open("Event").CloseStart()
                .Open("EventData").CloseStart().Open("Data", "Name").Value(0, EvtxType.Text).CloseStart().Text("x").Value(1, EvtxType.UInt8).End()
                .Open("Data").CloseStart().Value(1, EvtxType.UInt8).End().End().End().EndOfFile(),
                (EvtxType.Text, EvtxMaker.Utf16("N")), (EvtxType.UInt8, [5])).EndOfFile()));
        }
    }

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = new(
        [
            [0x2A, 0x2A, 0, 0], [0x0F, 1, 1, 0], [0x0C, 1], [0x01, 0xFF, 0xFF], [0x41, 0xFF, 0xFF], [2], [3], [4], [5, 1], [6], [0x46], [7], [8], [9],
            [0x0A], [0x0B], [0], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0, 2, 0, 0], [1, 0, 0, 0], [0x0D, 0, 0, 0x21], [0x0E, 0, 0, 1],
            [0x0E, 1, 0, 0x81], "ElfChnk\0"u8.ToArray(), "D\0a\0t\0a\0"u8.ToArray(), new byte[24],
            .. Types.Select(type => (byte[])[8, 0, (byte)type, 0]), .. Types.Select(type => (byte[])[8, 0, (byte)(type | EvtxType.Array), 0]),
        ],
        [([2], [4]), ([0x0F, 1, 1, 0], [0]), ([0x2A, 0x2A, 0, 0], [])]);

    private static byte[] Seed(byte flags, Action<EvtxMaker> fill)
    {
        var maker = new EvtxMaker();
        fill(maker);
        return [flags, .. maker.Written[512..]];
    }

    private static void Nested(EvtxMaker maker) => maker.Record(made =>
    {
        made.Fragment().Bytes(0x0C, 1, 9, 9, 9, 9).Int32(made.Position + 4);
        made.Definition(outer => outer.Open("Event").CloseStart().Open("EventData").CloseStart().Value(0, EvtxType.BinXml).End().End().EndOfFile());
        var inner = new EvtxMaker();
        inner.Bytes(new byte[made.Position + 8 - inner.Position]);
        inner.Fragment().Instance("i", data => data.Open("Data", "Name").Text("In").CloseStart().Value(0, EvtxType.UInt8).End().EndOfFile(), (EvtxType.UInt8, [9]))
            .EndOfFile();
        made.Values((EvtxType.BinXml, inner.Written[(made.Position + 8)..])).EndOfFile();
    });
}
