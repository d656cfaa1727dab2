using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>
/// A map's pages in this process. They go when nobody can reach them any more, not at a Dispose: a completed batch publishes
/// from whatever thread, and a store into pages that were just unmapped would end the process.
/// </summary>
internal sealed unsafe class MappedMemory : SafeHandle
{
    private readonly nuint _length;

    private MappedMemory(nint address, nuint length)
        : base(Libc.MapFailed, ownsHandle: true)
    {
        _length = length;
        SetHandle(address);
    }

    public override bool IsInvalid => handle == Libc.MapFailed;

    /// <summary>The first byte; valid as long as this object is reachable.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Maps <paramref name="length"/> bytes, rounded up to pages, of a map.</summary>
    public static MappedMemory Map(string what, SafeFileHandle fd, nuint length, int protection, long offset)
    {
        var page = (nuint)Environment.SystemPageSize;
        length = (length + page - 1) & ~(page - 1);
        var address = Libc.mmap(0, length, protection, Libc.MapShared, fd, offset);
        return address != Libc.MapFailed ? new MappedMemory(address, length)
            : throw new BpfException($"{what} cannot be mapped", Marshal.GetLastPInvokeError());
    }

    protected override bool ReleaseHandle() => Libc.munmap(handle, _length) == 0;
}
