using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>
/// The table of handled system calls, mapped: a byte stored is seen at the next call. Concerns write it side by side, each its
/// own bits.
/// </summary>
internal sealed unsafe class MappedCalls
{
    private readonly Lock _gate = new();
    private readonly MappedMemory _memory;

    public MappedCalls(SafeFileHandle map) =>
        _memory = MappedMemory.Map("the table of system calls", map, (nuint)sizeof(CallTable), Libc.ProtRead | Libc.ProtWrite, 0);

    /// <summary>Whether <paramref name="lane"/> looks at the call in <paramref name="slot"/>.</summary>
    public bool Has(CallEdge edge, int slot, CallLane lane) => (Row(edge)[slot] & 1 << (int)lane) != 0;

    /// <summary>Makes <paramref name="lane"/> look at the call, or not.</summary>
    public void Set(CallEdge edge, int slot, CallLane lane, bool looks)
    {
        lock (_gate)
        {
            ref var lanes = ref Row(edge)[slot];
            var bit = (byte)(1 << (int)lane);
            Volatile.Write(ref lanes, (byte)(looks ? lanes | bit : lanes & ~bit));
        }
    }

    /// <summary>Says what the programs for files make of the call in <paramref name="slot"/>.</summary>
    public void SetForm(int slot, CallForm form) => ((CallTable*)_memory.Address)->Forms[slot] = form;

    /// <summary>Tells the programs the time of day, which they cannot ask for: what they read of files is in it.</summary>
    public void SetClock() => Volatile.Write(ref ((CallTable*)_memory.Address)->Clock, BootClock.OffsetNs);

    private Span<byte> Row(CallEdge edge)
    {
        var table = (CallTable*)_memory.Address;
        return new Span<byte>(edge == CallEdge.Exit ? &table->Exit : &table->Enter, CallTable.Slots);
    }
}
