using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Context.Spill;

/// <summary>Reads what a <see cref="FrameWriter"/> wrote. Bytes that end too early are an <see cref="IOException"/>.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all was read.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Reads a number or a block of them.</summary>
    public T Take<T>()
        where T : unmanaged
    {
        return MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));
    }

    /// <summary>Reads bytes behind their length.</summary>
    public ReadOnlySpan<byte> TakeBytes() => Take(Take<int>());

    /// <summary>Reads <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length) throw new IOException("a frame ends too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    /// <summary>Reads a count, which cannot be more than there are bytes left.</summary>
    public int TakeCount()
    {
        var count = Take<int>();
        return (uint)count <= (uint)_rest.Length ? count : throw new IOException("a frame counts more than it holds");
    }
}
