using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Walks the mapped ring. There are two positions: a private cursor that reading moves, and the published one, below which
/// the kernel may overwrite. The published position follows only when what was read is done with, so that after a kill the
/// next run reads again what was not.
/// </summary>
/// <remarks>One thread reads; <see cref="Publish"/> may come from another. A record's bytes are valid until its end is published.</remarks>
public sealed unsafe class RingReader : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const uint LengthMask = ~(Busy | Discarded);
    private const int HeaderSize = 8;

    private readonly nuint _page = (nuint)Environment.SystemPageSize;
    private readonly ulong _mask;
    private readonly byte* _data;
    private byte* _consumer;
    private byte* _producer;
    private ulong _position;

    /// <summary>Maps the ring and begins at the position that was published last, also by an earlier run.</summary>
    /// <exception cref="BpfException">The ring cannot be mapped, or its positions contradict each other.</exception>
    public RingReader(SharedMaps maps)
        : this(maps.Ring, (ulong)maps.Options.RingBytes)
    {
    }

    internal RingReader(SafeFileHandle ring, ulong size)
    {
        Size = size;
        _mask = size - 1;
        _consumer = Map(ring, _page, Libc.ProtRead | Libc.ProtWrite, 0);
        try
        {
            // The data follows the producer's page twice in a row, so that a record that wraps is still one span.
            _producer = Map(ring, _page + (2 * (nuint)size), Libc.ProtRead, (long)_page);
            _data = _producer + _page;
            _position = Published;
            if (Produced - _position > size) throw new BpfException($"the ring's positions contradict each other: consumed {_position}, produced {Produced}", 0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Size of the ring in bytes.</summary>
    public ulong Size { get; }

    /// <summary>The private cursor: the position after the record read last. What <see cref="Publish"/> wants, once that record is done with.</summary>
    public ulong Position => _position;

    /// <summary>The position below which the kernel may overwrite.</summary>
    public ulong Published => Volatile.Read(ref *(ulong*)_consumer);

    /// <summary>The position up to which room was taken by programs.</summary>
    public ulong Produced => Volatile.Read(ref *(ulong*)_producer);

    /// <summary>How much of the ring is taken, 0 to 1: what is unread and what is read but not published.</summary>
    public double FillRatio => (Produced - Published) / (double)Size;

    /// <summary>
    /// Reads the next record; false when there is none, or when the next one is still being written (those after it wait:
    /// order is ring order).
    /// </summary>
    public bool TryRead(out ReadOnlySpan<byte> record) // hot
    {
        var produced = Produced;
        while (_position < produced)
        {
            var at = _data + (_position & _mask);
            var header = Volatile.Read(ref *(uint*)at);
            if ((header & Busy) != 0) break;
            var length = header & LengthMask;
            _position += (length + HeaderSize + 7) & ~7UL;
            if ((header & Discarded) != 0) continue;
            record = new ReadOnlySpan<byte>(at + HeaderSize, (int)length);
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>Whether <see cref="TryRead"/> would find a record, or a discarded one.</summary>
    public bool CanRead() => _position < Produced && (Volatile.Read(ref *(uint*)(_data + (_position & _mask))) & Busy) == 0; // hot

    /// <summary>Lets the kernel overwrite everything below <paramref name="position"/>.</summary>
    /// <param name="position">A value that <see cref="Position"/> had; never below an earlier one.</param>
    public void Publish(ulong position) // hot
    {
        if (position < Published || position > Produced) ThrowPosition(position);
        Volatile.Write(ref *(ulong*)_consumer, position);
    }

    /// <summary>
    /// Whether the kernel sees the ring as empty, and so will wake a waiter at the next record. The barrier keeps a
    /// publication of this thread from passing the look at the producer: each side must store before it looks, or both miss.
    /// </summary>
    internal bool IsSettled()
    {
        Interlocked.MemoryBarrier();
        var published = Published;
        return published == Produced;
    }

    internal static ulong UnreadBytes(SafeFileHandle ring, ulong size)
    {
        using var reader = new RingReader(ring, size);
        return reader.Produced - reader.Published;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_producer is not null) Libc.munmap((nint)_producer, _page + (2 * (nuint)Size));
        if (_consumer is not null) Libc.munmap((nint)_consumer, _page);
        _producer = null;
        _consumer = null;
    }

    private static byte* Map(SafeFileHandle ring, nuint length, int protection, long offset)
    {
        var address = Libc.mmap(0, length, protection, Libc.MapShared, ring, offset);
        return address != Libc.MapFailed ? (byte*)address : throw new BpfException("the ring cannot be mapped", Marshal.GetLastPInvokeError());
    }

    [DoesNotReturn]
    private void ThrowPosition(ulong position) =>
        throw new ArgumentOutOfRangeException(nameof(position), position, $"published {Published}, produced {Produced}");
}
