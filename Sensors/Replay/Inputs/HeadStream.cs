namespace Picket.Sensors.Replay.Inputs;

/// <summary>A stream whose first bytes were read before, and come again.</summary>
internal sealed class HeadStream(byte[] head, int count, Stream rest) : ForwardStream
{
    private int _given;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_given == count) return rest.Read(buffer);
        var take = Math.Min(count - _given, buffer.Length);
        head.AsSpan(_given, take).CopyTo(buffer);
        _given += take;
        return take;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
