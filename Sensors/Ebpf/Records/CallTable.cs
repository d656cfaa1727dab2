using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// Mirrors struct call_table in bpf/events.h: which lanes look at which system call, a bit for each lane. A slot is the call's
/// number, plus <see cref="Compat"/> through the 32-bit entry.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CallTable
{
    public const int Compat = 512;
    public const int Slots = 1024;
    public const int Lanes = 4;

    public CallRow Exit;
    public CallRow Enter;
    public FormTable Forms;
    public long Clock;

    [InlineArray(Slots)]
    internal struct CallRow
    {
        private byte _first;
    }

    [InlineArray(Slots)]
    internal struct FormTable
    {
        private CallForm _first;
    }
}
