using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using Picket.Detection.Events;
using Picket.Fuzz.Targets;
using Picket.Sensors.Evtx;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;

namespace Picket.Spec.Evtx;

/// <summary>Logs that are cut, torn, overwritten or made to harm: what is whole is read, the rest is told with its place.</summary>
public sealed class DamageTests
{
    internal const int First = EvtxMaker.FileHeader;
    internal const int Second = First + EvtxChunk.Size;
    internal const string Name = "EvtxDamageTests";

    public DamageTests() => FieldTable.Intern(Name);

    [Fact]
    public void A_sound_log_is_read_whole_and_nothing_is_told()
    {
        var file = EvtxFile.Read(EvtxMaker.File(Chunk(1, 5), Chunk(6, 7)));
        Assert.Equal(Numbers(1, 12), Read(file));
        Assert.Empty(file.Damage);
    }

    [Fact]
    public void Chunks_that_the_header_does_not_count_are_read_and_blank_ones_are_nothing()
    {
        var bytes = EvtxMaker.File(Chunk(1, 5), new byte[EvtxChunk.Size], Chunk(6, 7), new byte[EvtxChunk.Size]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(42), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(120), 0x1B97_0001);
        var file = EvtxFile.Read(bytes);
        Assert.Equal(Numbers(1, 12), Read(file));
        Assert.Empty(file.Damage);
    }

    [Fact]
    public void Records_behind_the_end_that_a_chunk_names_are_read_while_their_numbers_go_on()
    {
        var maker = Maker(1, 5);
        var end = maker.Position;
        Add(maker, 6, 2);
        Add(maker, 20, 1);

        // The header was written before the last records were.
        var chunk = EvtxMaker.Chunk(maker.Written, 1, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(48), (uint)end);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(52), Crc32.OfByTables(chunk.AsSpan(512..end)));
        EvtxMaker.Sum(chunk);
        var last = Records(chunk)[7];
        BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(last + 8), 3);
        var file = EvtxFile.Read(EvtxMaker.File(chunk));
        Assert.Equal(Numbers(1, 7), Read(file));
        Assert.Empty(file.Damage);
    }

    [Fact]
    public void Wrong_sums_are_told_and_the_records_are_read()
    {
        var records = Chunk(1, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(records.AsSpan(52), 77);
        EvtxMaker.Sum(records);
        var header = Chunk(6, 5);
        header[9] ^= 1;
        var file = EvtxFile.Read(EvtxMaker.File(records, header));
        Assert.Equal(Numbers(1, 10), Read(file));
        Assert.Equal([$"byte {First}: the chunk's records are not what", $"byte {Second}: the chunk's header is not what"], file.Damage.Select(text => text[..(text.IndexOf("what", StringComparison.Ordinal) + 4)]));
    }

    [Fact]
    public void Sums_that_were_never_written_are_not_missed()
    {
        var chunk = Chunk(1, 5);
        chunk.AsSpan(52, 4).Clear();
        chunk.AsSpan(124, 4).Clear();
        var file = EvtxFile.Read(EvtxMaker.File(chunk));
        Assert.Equal(5, file.Events.Count);
        Assert.Empty(file.Damage);
    }

    [Fact]
    public void A_chunk_without_its_magic_number_is_told_and_its_records_are_found()
    {
        var chunk = Chunk(1, 5);
        chunk.AsSpan(0, 400).Fill(0xEE);
        var file = EvtxFile.Read(EvtxMaker.File(chunk, Chunk(6, 5)));
        Assert.Equal(Numbers(1, 10), Read(file));
        Assert.StartsWith($"byte {First}: here is no chunk", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_was_overwritten_is_told_and_those_behind_it_are_read()
    {
        var chunk = Chunk(1, 6);
        var records = Records(chunk);
        chunk.AsSpan(records[2], 40).Fill(0xAA);
        Unsum(chunk);
        var file = EvtxFile.Read(EvtxMaker.File(chunk));
        Assert.Equal([1, 2, 4, 5, 6], Read(file));
        Assert.Equal($"byte {First + records[2]}: here is no record; the next one is looked for", Assert.Single(file.Damage));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(-1)]
    public void A_record_whose_length_cannot_be_is_told_and_those_behind_it_are_read(int length)
    {
        var chunk = Chunk(1, 6);
        var records = Records(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(records[2] + 4), length);
        Unsum(chunk);
        var file = EvtxFile.Read(EvtxMaker.File(chunk));
        Assert.Equal([1, 2, 4, 5, 6], Read(file));
        Assert.StartsWith($"byte {First + records[2]}: ", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_whose_values_are_rubbish_is_told_with_the_reason()
    {
        var chunk = Chunk(1, 6);
        var records = Records(chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(records[2] + 24 + 14), 99);
        Unsum(chunk);
        var file = EvtxFile.Read(EvtxMaker.File(chunk));
        Assert.Equal([1, 2, 4, 5, 6], Read(file));
        Assert.Contains("values", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_within_a_chunk_is_read_as_far_as_it_goes()
    {
        var records = Records(Chunk(1, 6));
        var file = EvtxFile.Read(EvtxMaker.File(Chunk(1, 6))[..(First + records[4] + 30)]);
        Assert.Equal(Numbers(1, 4), Read(file));
        Assert.Contains("the chunk ends after", file.Damage.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_lacks_a_part_is_read_on_from_the_next_chunk()
    {
        var bytes = EvtxMaker.File(Chunk(1, 6), Chunk(7, 6), Chunk(13, 6));
        var cut = First + Records(Chunk(1, 6))[3];
        var file = EvtxFile.Read([.. bytes[..cut], .. bytes[Second..]]);
        Assert.Equal([1, 2, 3, .. Numbers(7, 12)], Read(file));

        // The same where what is left of the chunk has lost its beginning.
        file = EvtxFile.Read([.. bytes[..First], .. bytes[cut..]]);
        Assert.Equal([.. Numbers(7, 12)], Read(file).Where(number => number > 6));
    }

    [Fact]
    public void Chunks_without_a_file_are_read()
    {
        var file = EvtxFile.Read([.. Chunk(1, 6), .. Chunk(7, 6)]);
        Assert.Equal(Numbers(1, 12), Read(file));
        Assert.Contains("does not begin as an event log does", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(8, 1)]
    [InlineData(4095, 1)]
    [InlineData(4096, 0)]
    public void A_file_without_chunks_has_no_records(int length, int damage)
    {
        var file = EvtxFile.Read(EvtxMaker.File()[..length]);
        Assert.Empty(file.Events);
        Assert.Equal(damage, file.Damage.Count());
    }

    [Fact]
    public void A_stream_that_gives_little_at_a_time_and_cannot_seek_is_read()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(EvtxMaker.File(Chunk(1, 5), Chunk(6, 5)));
        packed.Position = 0;
        using var reader = new EvtxReader(new GZipStream(packed, CompressionMode.Decompress), "x.evtx.gz", _ => { });
        var batch = new EventBatch(64, 1024 * 1024);
        Assert.True(reader.Fill(batch, null));
        Assert.Equal(10, batch.Count);
    }

    [Theory]
    [InlineData(64, 1024)]
    [InlineData(1, 1024)]
    [InlineData(3, 200 * 1024)]
    public void Small_batches_take_what_they_can(int records, int bytes)
    {
        var file = EvtxFile.Read(new MemoryStream(EvtxMaker.File(Chunk(1, 50), Chunk(51, 50))), records, bytes);
        Assert.Equal(Numbers(1, 100), Read(file));
        Assert.Equal(Enumerable.Range(1, 100).Select(number => (ulong)number), file.Events.Select(each => each.Sequence));
        Assert.All(file.Events, each => Assert.Contains(Name, each.Json, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(65_535)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void A_template_that_is_not_where_it_is_said_to_be_costs_its_record(int offset)
    {
        var maker = Maker(1, 2);
        maker.Record(made => made.Fragment().InstanceAt(offset, (EvtxType.UInt8, [1])).EndOfFile());
        Add(maker, 4, 2);
        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk()));
        Assert.Equal([1, 2, 4, 5], Read(file));
        Assert.Single(file.Damage);
    }

    [Fact]
    public void Templates_within_values_without_end_cost_their_record()
    {
        var maker = new EvtxMaker();
        maker.Record(made =>
        {
            made.Fragment().Bytes(0x0C, 1, 9, 9, 9, 9).Int32(made.Position + 4);
            var definition = made.Position;
            made.Definition(inner => inner.Open("E").CloseStart().Value(0, EvtxType.BinXml).Value(0, EvtxType.BinXml).End().EndOfFile());
            var value = Nested(definition, 20);
            made.Values((EvtxType.BinXml, value)).EndOfFile();
        });
        Add(maker, 2, 1);
        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk()));
        Assert.Equal([2], Read(file));
        Assert.Contains("too deep", Assert.Single(file.Damage), StringComparison.Ordinal);

        static byte[] Nested(int definition, int depth)
        {
            var inner = depth == 0 ? [] : Nested(definition, depth - 1);
            return [0x0F, 1, 1, 0, 0x0C, 1, 9, 9, 9, 9, .. BitConverter.GetBytes(definition), 1, 0, 0, 0, (byte)inner.Length, (byte)(inner.Length >> 8), 0x21, 0, .. inner, 0];
        }
    }

    [Fact]
    public void A_template_that_repeats_a_long_value_without_end_costs_its_record()
    {
        var maker = new EvtxMaker();
        var value = EvtxMaker.Utf16(new string('x', 10_000));
        maker.Record(made => made.Fragment().Instance("t", inner =>
        {
            inner.Open("E").CloseStart();
            for (var i = 0; i < 400; i++) inner.Open("X").CloseStart().Value(0, EvtxType.Text).End();
            inner.End().EndOfFile();
        }, (EvtxType.Text, value)).EndOfFile());
        Add(maker, 2, 1);
        var file = EvtxFile.Read(EvtxMaker.File(maker.Chunk()));
        Assert.Equal([2], Read(file));
        Assert.Contains("more room", Assert.Single(file.Damage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_full_of_beginnings_of_chunks_is_read_in_bounded_time()
    {
        var block = new byte[EvtxChunk.Size];
        for (var i = 0; i + 512 <= block.Length; i += 512) "ElfChnk\0"u8.CopyTo(block.AsSpan(i));
        var bytes = EvtxMaker.File([.. Enumerable.Repeat(block, 64)]);
        var watch = Stopwatch.StartNew();
        EvtxFile.Read(bytes);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    /// <summary>Random changes of a log with everything in it: nothing is thrown, nothing goes on without end, JSON stays JSON.</summary>
    [Fact]
    public void Whatever_a_log_holds_reading_it_ends_and_throws_nothing()
    {
        var random = new Random(20_261_122);
        byte[][] seeds = [.. EvtxSeeds.All.Select(seed => EvtxMaker.File(EvtxTarget.ChunkOf(seed), Chunk(1, 20))), EvtxMaker.File(Chunk(1, 20), Chunk(21, 20))];
        var watch = Stopwatch.StartNew();
        var (read, told) = (0, 0);
        for (var round = 0; round < 1_500; round++)
        {
            var bytes = (byte[])seeds[round % seeds.Length].Clone();
            for (var change = random.Next(1, 30); change > 0; change--)
            {
                // Most of a chunk is blank: what is changed is what is not.
                var at = random.Next(First + 512, First + 512 + 3_000);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 2:
                        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)random.Next(EvtxChunk.Size + 100));
                        break;
                    default:
                        bytes.AsSpan(at, random.Next(40)).CopyTo(bytes.AsSpan(random.Next(First, First + 4_000)));
                        break;
                }
            }

            if (round % 5 == 0) bytes = bytes[..random.Next(bytes.Length)];
            var file = EvtxFile.Read(bytes);
            Assert.InRange(file.Events.Count, 0, bytes.Length / 28);
            foreach (var each in file.Events.Where(each => each.Json.Length > 0)) each.At();
            read += file.Events.Count;
            told += file.Malformed.Count;
        }

        Assert.InRange(read, 1_000, int.MaxValue);
        Assert.InRange(told, 1_000, int.MaxValue);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    internal static byte[] Chunk(int first, int count) => Maker(first, count).Chunk();

    internal static EvtxMaker Maker(int first, int count)
    {
        var maker = new EvtxMaker((ulong)first);
        Add(maker, first, count);
        return maker;
    }

    internal static void Add(EvtxMaker maker, int first, int count)
    {
        for (var i = 0; i < count; i++) maker.Event((Name, EvtxType.Int32, BitConverter.GetBytes(first + i)), ("Filler", EvtxType.Text, EvtxMaker.Utf16(new string('z', 50))));
    }

    /// <summary>Where the records of a chunk begin.</summary>
    internal static List<int> Records(byte[] chunk)
    {
        var records = new List<int>();
        for (var at = 512; chunk.AsSpan(at).StartsWith(EvtxChunk.RecordMagic); at += BinaryPrimitives.ReadInt32LittleEndian(chunk.AsSpan(at + 4))) records.Add(at);
        return records;
    }

    internal static void Unsum(byte[] chunk)
    {
        chunk.AsSpan(52, 4).Clear();
        EvtxMaker.Sum(chunk);
    }

    internal static IEnumerable<int> Numbers(int first, int count) => Enumerable.Range(first, count);

    internal static List<int> Read(EvtxFile file) => [.. file.Events.Select(each => int.Parse(each.Field(Name).Text, System.Globalization.CultureInfo.InvariantCulture))];
}
