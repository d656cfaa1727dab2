using Picket.Detection.Events;
using Picket.Fuzz.Targets;
using Picket.Sensors.Evtx;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;
using Picket.Sensors.Replay.Inputs;

namespace Picket.Spec.Evtx;

/// <summary>What reading a long log costs in memory: nothing.</summary>
public sealed class SteadyStateTests
{
    private const int Warm = 250;
    private const int Measured = 250;

    [Fact]
    public void A_long_log_is_read_without_an_allocation()
    {
        var maker = new EvtxMaker();
        while (maker.Position < EvtxChunk.Size - 2_000)
        {
            maker.Event("Microsoft-Windows-Security-Auditing", "Security", 4688, ("Image", EvtxType.Text, EvtxMaker.Utf16("C:\\Windows\\System32\\cmd.exe")),
                ("ProcessId", EvtxType.UInt32, [1, 2, 0, 0]), ("ProcessGuid", EvtxType.Guid, new byte[16]), ("LogonId", EvtxType.HexInt64, new byte[8]),
                ("Many", EvtxType.Text | EvtxType.Array, EvtxMaker.Utf16("a\0b\0c\0")), ("UtcTime", EvtxType.FileTime, new byte[8]));
            maker.Event("Other", "Other/Channel", 7, ("Real", EvtxType.Real64, BitConverter.GetBytes(1.5)), ("Sid", EvtxType.Sid, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]));
        }

        using var reader = new EvtxReader(new LongLog(maker.Chunk(), Warm + (20 * Measured)), "long.evtx", _ => { });
        var batch = new EventBatch(512, 1024 * 1024);
        Fill(reader, batch, Warm);
        Assert.Equal(0, Allocated.Least(() => Fill(reader, batch, Measured)));
        Assert.Equal(0, reader.Malformed);
        Assert.InRange(reader.Records, 50 * (Warm + Measured), long.MaxValue);
    }

    private static void Fill(EvtxReader reader, EventBatch batch, int chunks)
    {
        var until = reader.BytesRead + ((long)chunks * EvtxChunk.Size) - EvtxChunk.Size;
        while (reader.BytesRead < until)
        {
            Assert.True(reader.Fill(batch, null));
            batch.LetGo();
        }
    }

    /// <summary>A file's header and one chunk again and again.</summary>
    private sealed class LongLog(byte[] chunk, int chunks) : ForwardStream
    {
        private readonly byte[] _header = EvtxMaker.File();
        private long _position;

        public override long Length => _header.Length + ((long)chunks * chunk.Length);

        public override int Read(Span<byte> buffer)
        {
            var from = _position < _header.Length ? _header.AsSpan((int)_position) : chunk.AsSpan((int)((_position - _header.Length) % chunk.Length));
            if (_position >= Length) return 0;
            var length = Math.Min(from.Length, buffer.Length);
            from[..length].CopyTo(buffer);
            _position += length;
            return length;
        }
    }
}
