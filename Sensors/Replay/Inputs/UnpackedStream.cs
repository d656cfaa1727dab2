using System.IO.Compression;

namespace Picket.Sensors.Replay.Inputs;

/// <summary>
/// What gzip packed, unpacked while it is read. A file that is damaged gives what can be unpacked, and then says so with each further read;
/// the runtime's own stream keeps what it has when it fails. That a file is cut off it says by System.IO.Compression.UseStrictValidation,
/// which is set where the program is built.
/// </summary>
internal sealed class UnpackedStream(Stream packed) : ForwardStream
{
    /// <summary>Bytes that are unpacked at once: what is lost in front of a place that is damaged.</summary>
    private const int Step = 1024;

    private readonly GZipStream _unpacked = new(packed, CompressionMode.Decompress);
    private InvalidDataException? _damage;

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
    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
