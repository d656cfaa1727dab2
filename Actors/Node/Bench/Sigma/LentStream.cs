using Picket.Sensors.Replay.Inputs;

namespace Picket.Node.Bench.Sigma;

/// <summary>Bytes that somebody else owns, to be read once.</summary>
internal sealed class LentStream(ReadOnlyMemory<byte> bytes) : ForwardStream
{
    private int _at;

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, bytes.Length - _at);
        bytes.Span.Slice(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}
