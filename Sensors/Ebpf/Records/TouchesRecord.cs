using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct touches in bpf/events.h: the last changes of the sensor's own objects by others.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TouchesRecord
{
    public const int Kept = 16;

    public ulong Alive;
    public uint Next;
    public uint Reserved;
    public TouchTable Last;

    [InlineArray(Kept)]
    internal struct TouchTable
    {
        private TouchRecord _first;
    }
}
