using System.IO.Compression;

namespace Picket.Sensors.Replay.Inputs;

/// <summary>
/// What gzip packed, unpacked while it is read. A file that is damaged gives what can be unpacked, and then says so with each further read;
/// the runtime's own stream keeps what it has when it fails. That a file is cut off it says by System.IO.Compression.UseStrictValidation,
/// which is set where the program is built.
/// </summary>
internal sealed class UnpackedStream(Stream packed) : Stream
{
    /// <summary>Bytes that are unpacked at once: what is lost in front of a place that is damaged.</summary>
    private const int Step = 1024;

    private readonly GZipStream _unpacked = new(packed, CompressionMode.Decompress);
    private InvalidDataException? _damage;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_damage is not null) throw _damage;
        if (buffer.IsEmpty) return 0;
        var total = 0;
        try
        {
            while (total < buffer.Length)
            {
                var read = _unpacked.Read(buffer.Slice(total, Math.Min(Step, buffer.Length - total)));
                if (read == 0) break;
                total += read;
            }
        }
        catch (InvalidDataException e)
        {
            _damage = e;
            if (total == 0) throw;
        }

        return total;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
