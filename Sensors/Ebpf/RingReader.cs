using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Walks the mapped ring. There are two positions: a private cursor that reading moves, and the published one, below which
/// the kernel may overwrite. The published position follows only when what was read is done with, so that after a kill the
/// next run reads again what was not.
/// </summary>
/// <remarks>
/// One thread reads; <see cref="Publish"/> and the properties may be used from any. A record's bytes are valid until its end
/// is published. There is nothing to dispose: the pages go when the reader cannot be reached any more.
/// </remarks>
public sealed unsafe class RingReader
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const uint LengthMask = ~(Busy | Discarded);
    private const int HeaderSize = 8;

    private readonly MappedMemory _consumerPages;
    private readonly MappedMemory _producerPages;
    private readonly byte* _consumer;
    private readonly byte* _producer;
    private readonly byte* _data;
    private readonly ulong _mask;
    private readonly RingTrouble _trouble;
    private ulong _position;
    private ulong _told;

    /// <summary>Maps the ring and begins at the position that was published last, also by an earlier run.</summary>
    /// <exception cref="BpfException">The ring cannot be mapped, or its positions contradict each other.</exception>
    public RingReader(SharedMaps maps)
        : this(maps.Ring, (ulong)maps.Options.RingBytes)
    {
    }

    internal RingReader(SafeFileHandle ring, ulong size)
    {
        var page = (nuint)Environment.SystemPageSize;
        Size = size;
        _mask = size - 1;
        _consumerPages = MappedMemory.Map("the ring", ring, page, Libc.ProtRead | Libc.ProtWrite, 0);
        // The data follows the producer's page twice in a row, so that a record that wraps is still one span.
        _producerPages = MappedMemory.Map("the ring", ring, page + (2 * (nuint)size), Libc.ProtRead, (long)page);
        _consumer = _consumerPages.Address;
        _producer = _producerPages.Address;
        _data = _producer + page;
        _trouble = new RingTrouble();
        _position = _told = Published;
        if (Produced - _position > size)
            throw new BpfException($"the ring's positions contradict each other: consumed {_position}, produced {Produced}", 0);
    }

    /// <summary>Another reader over the same pages: the kernel counts each mapping of the ring as memory of the process.</summary>
    internal RingReader(RingReader other, ulong position)
    {
        Size = other.Size;
        _mask = other._mask;
        _consumerPages = other._consumerPages;
        _producerPages = other._producerPages;
        _consumer = other._consumer;
        _producer = other._producer;
        _data = other._data;
        _trouble = other._trouble;
        _position = position;
    }

    /// <summary>What others did to the ring, noted by all readers over the same pages.</summary>
    internal RingTrouble Trouble => _trouble;

    /// <summary>Size of the ring in bytes.</summary>
    public ulong Size { get; }

    /// <summary>
    /// The private cursor: the position after the record read last. What <see cref="Publish"/> wants, once that record is done
    /// with.
    /// </summary>
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
            var end = _position + ((length + HeaderSize + 7) & ~7UL);
            if (length > _mask || end > produced)
            {
                // Written over while it was unread, as when somebody else moves the published position: nothing behind it can be found.
                _trouble.Skip(produced - _position);
                _position = produced;
                break;
            }

            _position = end;
            if ((header & Discarded) != 0) continue;
            record = new ReadOnlySpan<byte>(at + HeaderSize, (int)length);
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>Whether <see cref="TryRead"/> would find a record, or a discarded one.</summary>
    public bool CanRead() => _position < Produced && (Volatile.Read(ref *(uint*)(_data + (_position & _mask))) & Busy) == 0; // hot

    /// <summary>
    /// Lets the kernel overwrite everything below <paramref name="position"/>. Who may open the ring may set the position, too: that is
    /// put right here, and noted.
    /// </summary>
    /// <param name="position">A value that <see cref="Position"/> had; never below an earlier one.</param>
    public void Publish(ulong position) // hot
    {
        if (position < _told || position > Produced) ThrowPosition(position);
        if (Published != _told) _trouble.Move();
        _told = position;
        Volatile.Write(ref *(ulong*)_consumer, position);
        GC.KeepAlive(this);
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

    /// <summary>What is unread in a ring; null where it cannot be read, or its positions contradict each other.</summary>
    internal static ulong? UnreadBytes(SafeFileHandle ring, ulong size)
    {
        try
        {
            var reader = new RingReader(ring, size);
            return reader.Produced - reader.Published;
        }
        catch (BpfException)
        {
            return null;
        }
    }

    [DoesNotReturn]
    private void ThrowPosition(ulong position) =>
        throw new ArgumentOutOfRangeException(nameof(position), position, $"published {Published}, produced {Produced}");
}
