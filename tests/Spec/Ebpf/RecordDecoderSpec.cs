using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The decoder on records that the test composes, cut, flipped and made of rubbish.</summary>
public sealed class RecordDecoderSpec
{
    private static readonly EventSource Source = new("ebpf", "test", null, 0);

    private readonly RecordDecoder _decoder = new();
    private readonly EventBatch _batch = new(4, 4096);

    [Fact]
    public void A_record_is_decoded_field_by_field()
    {
        _batch.Begin(Source, null);
        Assert.Equal(DecodeResult.Decoded, _decoder.Decode(Exec("/bin/x", "/home", "x\0\0two words\0"u8), 77, true, _batch));
        var seen = SeenEvent.Of(_batch.View(0));
        Assert.Equal(new ProcessKey(5, 42), seen.Key);
        Assert.Equal((77UL, 9UL), (seen.Sequence, seen.TimeNs));
        Assert.Equal(EventFlags.Redelivered, seen.Flags);
        Assert.Equal("/bin/x", seen[Fields.Image]);
        Assert.Equal("/home", seen[Fields.CurrentDirectory]);
        Assert.Equal("x  two words", seen[Fields.CommandLine]);
        Assert.Equal(["x", "", "two words"], seen.Arguments.Select(Encoding.UTF8.GetString));
        Assert.Equal("x", seen[Fields.Argv0]);
        Assert.Equal("", seen[Fields.ThreadName]);
    }

    [Fact]
    public void An_argument_area_without_a_last_NUL_keeps_its_last_byte()
    {
        _batch.Begin(Source, null);
        Assert.Equal(DecodeResult.Decoded, _decoder.Decode(Exec("/x", "/", "a\0bc"u8), 0, false, _batch));
        Assert.Equal(["a", "bc"], SeenEvent.Of(_batch.View(0)).Arguments.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Arguments_outgrow_the_arena_without_harm()
    {
        _batch.Begin(Source, null);
        var many = new byte[0x8000];
        Assert.Equal(DecodeResult.Decoded, _decoder.Decode(Exec("/x", "/", many), 0, false, _batch));
        var seen = SeenEvent.Of(_batch.View(0));
        Assert.Equal(0x8000, seen.Arguments.Length);
        Assert.All(seen.Arguments, argument => Assert.Empty(argument));
        Assert.Equal(new string(' ', 0x7fff), seen[Fields.CommandLine]);
    }

    [Fact]
    public void A_record_cut_anywhere_is_malformed_and_leaves_the_batch_as_it_was()
    {
        var whole = Exec("/usr/bin/program", "/tmp", "program\0-x\0"u8);
        for (var length = 0; length < whole.Length; length++)
        {
            _batch.Begin(Source, null);
            Assert.Equal(DecodeResult.Malformed, _decoder.Decode(whole.AsSpan(0, length), 0, false, _batch));
            // The length field says the truth about the shorter record, too: then its slices point outside.
            var shortened = whole.AsSpan(0, length).ToArray();
            if (length >= 8) BitConverter.TryWriteBytes(shortened.AsSpan(4), length);
            Assert.Equal(DecodeResult.Malformed, _decoder.Decode(shortened, 0, false, _batch));
            Assert.Equal((0, 0), (_batch.Count, _batch.Entries.Length));
            _batch.LetGo();
        }

        Assert.Equal(2 * whole.Length, _decoder.Malformed);
    }

    [Fact]
    public void An_unknown_kind_is_unknown_whatever_is_in_it()
    {
        foreach (var kind in (ushort[])[0, 5, 15, 30, 31, 39, 47, 50, 63, 79, 80, 97, 111, 112, ushort.MaxValue])
        {
            foreach (var size in (int[])[0, 8, 600])
            {
                _batch.Begin(Source, null);
                Assert.Equal((kind, DecodeResult.Unknown), (kind, _decoder.Decode(Headed(kind, [.. Enumerable.Repeat((byte)0xff, size)]), 0, false, _batch)));
                _batch.LetGo();
            }
        }
    }

    [Fact]
    public void A_packet_without_a_payload_is_no_message_wherever_it_says_that_it_lies()
    {
        var record = new DnsRecord { Payload = new RecordSlice { Offset = uint.MaxValue } };
        var size = Unsafe.SizeOf<DnsRecord>();
        record.Header = new RecordHeader { Kind = RecordKind.DnsQuery, Length = (uint)size };
        var bytes = new byte[size];
        MemoryMarshal.Write(bytes, record);
        _batch.Begin(Source, null);
        Assert.Equal(DecodeResult.Decoded, _decoder.Decode(bytes, 0, false, _batch));
        Assert.Equal("true", SeenEvent.Of(_batch.View(0))[Fields.Malformed]);
    }

    [Fact]
    public void Any_bytes_are_decoded_or_counted_and_fields_stay_inside()
    {
        var kinds = Gen.Elements<ushort>(0, 1, 2, 3, 4, 5, 16, 19, 21, 23, 26, 29, 31, 96, 65535);
        var rubbish = from kind in kinds
                      from tail in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
                      select Headed(kind, tail);
        var flipped = from at in Gen.Choose(32, 400)
                      from value in Gen.Choose(0, 255)
                      from again in Gen.Choose(280, 352)
                      select Flip(at, (byte)value, again);
        Prop.ForAll(Gen.OneOf(rubbish, flipped).ToArbitrary(), bytes =>
        {
            var before = _decoder.Decoded + _decoder.Malformed + _decoder.Unknown;
            _batch.Begin(Source, null);
            var result = _decoder.Decode(bytes, 1, false, _batch);
            if (result == DecodeResult.Decoded)
            {
                foreach (ref readonly var entry in _batch.Entries) Assert.InRange(entry.Start + entry.Length, 0, _batch.Arena.Length);
                SeenEvent.Of(_batch.View(0));
            }

            Assert.Equal(result == DecodeResult.Decoded ? 1 : 0, _batch.Count);
            _batch.LetGo();
            Assert.Equal(before + 1, _decoder.Decoded + _decoder.Malformed + _decoder.Unknown);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(600));
    }

    [Fact]
    public void Decoding_allocates_nothing_once_the_batch_is_warm()
    {
        var exec = Exec("/usr/bin/program", "/tmp", "program\0-x\0"u8);
        for (var i = 0; i < 200; i++) Once(exec);
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (var i = 0; i < 10_000; i++) Once(exec);
        }));
    }

    private void Once(byte[] record)
    {
        _batch.Begin(Source, null);
        _decoder.Decode(record, 0, false, _batch);
        _batch.LetGo();
    }

    private static byte[] Exec(string image, string directory, ReadOnlySpan<byte> arguments)
    {
        var size = Unsafe.SizeOf<ExecRecord>();
        var (exe, cwd) = (Encoding.UTF8.GetBytes(image), Encoding.UTF8.GetBytes(directory));
        var record = new byte[size + exe.Length + cwd.Length + arguments.Length];
        var fixedPart = new ExecRecord
        {
            Header = new RecordHeader { Kind = RecordKind.Exec, Length = (uint)record.Length, Time = 9, Process = new TaskKey { Start = 5, Tgid = 42, Pid = 43 } },
            Exe = new RecordSlice { Offset = (uint)size, Length = (uint)exe.Length },
            Cwd = new RecordSlice { Offset = (uint)(size + exe.Length), Length = (uint)cwd.Length },
            Args = new RecordSlice { Offset = (uint)(size + exe.Length + cwd.Length), Length = (uint)arguments.Length },
        };
        MemoryMarshal.Write(record, fixedPart);
        exe.CopyTo(record, size);
        cwd.CopyTo(record, size + exe.Length);
        arguments.CopyTo(record.AsSpan(size + exe.Length + cwd.Length));
        return record;
    }

    private static byte[] Headed(ushort kind, byte[] tail)
    {
        var bytes = new byte[Unsafe.SizeOf<RecordHeader>() + tail.Length];
        MemoryMarshal.Write(bytes, new RecordHeader { Kind = (RecordKind)kind, Length = (uint)bytes.Length });
        tail.CopyTo(bytes, Unsafe.SizeOf<RecordHeader>());
        return bytes;
    }

    private static byte[] Flip(int at, byte value, int again)
    {
        var bytes = Exec("/usr/bin/program", "/tmp", "program\0LD_PRELOAD=x\0LD_AUDIT=\0-y\0"u8);
        bytes[Math.Min(at, bytes.Length - 1)] = value;
        bytes[again] ^= value;
        return bytes;
    }
}
