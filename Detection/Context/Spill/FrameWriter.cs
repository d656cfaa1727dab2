using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Context.Spill;

/// <summary>A growing buffer of numbers and bytes, as they lie in memory; reused from frame to frame.</summary>
internal sealed class FrameWriter
{
    private byte[] _bytes = new byte[64 * 1024];

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>How much was written.</summary>
    public int Length { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>Writes a number or a block of them.</summary>
    public void Put<T>(in T value)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        MemoryMarshal.Write(Room(size), in value);
    }

    /// <summary>Writes bytes behind their length.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        Put(bytes.Length);
        bytes.CopyTo(Room(bytes.Length));
    }

    /// <summary>Room for <paramref name="size"/> bytes, which the caller fills.</summary>
    public Span<byte> Room(int size)
    {
        if (size > _bytes.Length - Length) Array.Resize(ref _bytes, Math.Max(Length + size, _bytes.Length * 2));
        var room = _bytes.AsSpan(Length, size);
        Length += size;
        return room;
    }
}
