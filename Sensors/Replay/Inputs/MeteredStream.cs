namespace Picket.Sensors.Replay.Inputs;

/// <summary>An input file that counts the bytes that were read of it, for whoever shows the progress.</summary>
public sealed class MeteredStream(Stream inner) : Stream
{
    private long _read;

    /// <summary>Bytes read so far; for any thread.</summary>
    public long BytesRead => Interlocked.Read(ref _read);

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => inner.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Interlocked.Add(ref _read, read);
        return read;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        // What is gone back over is read, and counted, once more.
        var before = inner.Position;
        var after = inner.Seek(offset, origin);
        if (after < before) Interlocked.Add(ref _read, -Math.Min(BytesRead, before - after));
        return after;
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
