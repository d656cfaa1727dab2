using System.Buffers.Binary;
using Picket.Detection.Events;
using Picket.Fuzz.Targets;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;
using static Picket.Spec.Evtx.DamageTests;

namespace Picket.Spec.Evtx;

/// <summary>Where one record ends and the next begins in what is damaged, and how much one record may be.</summary>
public sealed class RecordDamageTests
{
    public RecordDamageTests() => FieldTable.Intern("EvtxDamageTests");

    [Fact]
    public void A_record_whose_length_reaches_over_others_does_not_hide_them()
    {
        var chunk = Chunk(1, 6);
        var records = Records(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(records[2] + 4), records[4] - records[2]);
        Unsum(chunk);
        Assert.Equal(Numbers(1, 6), Read(EvtxFile.Read(EvtxMaker.File(chunk))));

        // Likewise where it cannot be read itself.
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(records[2] + 24 + 14), 99);
        Unsum(chunk);
        Assert.Equal([1, 2, 4, 5, 6], Read(EvtxFile.Read(EvtxMaker.File(chunk))));
    }

    [Fact]
    public void What_looks_like_a_record_right_before_one_does_not_hide_it()
    {
        var chunk = Chunk(1, 6);
        var records = Records(chunk);
        chunk.AsSpan(records[2], records[3] - records[2]).Fill(0xAA);
        EvtxChunk.RecordMagic.CopyTo(chunk.AsSpan(records[3] - 4));
        Unsum(chunk);
        Assert.Equal([1, 2, 4, 5, 6], Read(EvtxFile.Read(EvtxMaker.File(chunk))));
    }

    [Fact]
    public void A_record_behind_the_end_whose_number_does_not_go_on_is_an_old_one()
    {
        var maker = Maker(1, 5);
        var end = maker.Position;
        Add(maker, 6, 2);
        var chunk = EvtxMaker.Chunk(maker.Written, 1, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(48), (uint)end);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(52), Crc32.OfByTables(chunk.AsSpan(512..end)));
        EvtxMaker.Sum(chunk);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(Records(chunk)[6] + 8), 900);
        Assert.Equal(Numbers(1, 6), Read(EvtxFile.Read(EvtxMaker.File(chunk))));
    }

    [Fact]
    public void A_chunk_that_begins_at_the_very_end_of_a_damaged_one_is_read_whole()
    {
        var bytes = EvtxMaker.File(Chunk(1, 6), Chunk(7, 6));
        bytes[First + 9] ^= 1;
        foreach (var missing in (int[])[9, 100, 511, 512, 600])
        {
            var file = EvtxFile.Read([.. bytes[..(Second - missing)], .. bytes[Second..]]);
            Assert.Equal(Numbers(1, 12), Read(file));
            Assert.All(file.Damage, told => Assert.StartsWith($"byte {First}: ", told, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Templates_within_values_are_read_so_deep(int depth, bool isRead)
    {
        var maker = new EvtxMaker();
        maker.Record(made =>
        {
            made.Fragment().Bytes(0x0C, 1, 9, 9, 9, 9).Int32(made.Position + 4);
            var definition = made.Position;
            made.Definition(inner => inner.Open("E").CloseStart().Value(0, EvtxType.BinXml).End().EndOfFile());
            byte[] value = [];
            for (var i = 0; i <= depth; i++)
                value = [0x0F, 1, 1, 0, 0x0C, 1, 9, 9, 9, 9, .. BitConverter.GetBytes(definition), 1, 0, 0, 0, (byte)value.Length, (byte)(value.Length >> 8), 0x21, 0, .. value, 0];
            made.Values((EvtxType.BinXml, value)).EndOfFile();
        });
        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk()));
        Assert.Equal(isRead ? 1 : 0, file.Events.Count);
        Assert.Equal(isRead ? 0 : 1, file.Damage.Count());
    }

    [Fact]
    public void A_chunk_whose_records_make_too_much_of_their_values_ends_there_and_the_next_one_is_read()
    {
        const int Repeats = 2_000, Letters = 400;
        var maker = new EvtxMaker();
        for (var record = 0; record < 50; record++)
        {
            maker.Record(made => made.Fragment().Instance("t", inner =>
            {
                inner.Open("E").CloseStart();
                for (var i = 0; i < Repeats; i++) inner.Value(0, EvtxType.Text);
                inner.End().EndOfFile();
            }, (EvtxType.Text, EvtxMaker.Utf16(new string('a', Letters)))).EndOfFile());
        }

        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk(), Chunk(51, 2)));
        Assert.Equal((XmlLimits.MostTextOfChunk / (Repeats * Letters)) + 2, file.Events.Count);
        Assert.Equal(["51", "52"], file.Events[^2..].Select(read => read.Field(Name).Text));
        Assert.Contains("without end; the next chunk is read", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_joins_nothing_without_end_costs_its_record()
    {
        var maker = new EvtxMaker();
        maker.Record(made =>
        {
            made.Fragment();
            for (var i = 0; i < 3_000; i++)
            {
                made.Instance("t", inner =>
                {
                    inner.Open("E").CloseStart();
                    for (ushort value = 0; value < 30; value++) inner.Value(value, EvtxType.Text);
                    inner.End().EndOfFile();
                });
            }

            made.EndOfFile();
        });
        Add(maker, 2, 1);
        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk()));
        Assert.Equal([2], Read(file));
        Assert.Contains("without end", Assert.Single(file.Damage), StringComparison.Ordinal);
    }
}
