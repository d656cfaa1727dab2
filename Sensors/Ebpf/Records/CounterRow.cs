using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// What the programs counted of one kind (struct counter in bpf/events.h). Each is counted where it happens, none is
/// derived: at rest, Seen = Submitted + Lost + Refused + Busy + Self +
/// Unasked.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct CounterRow
{
    /// <summary>Events that the hook saw.</summary>
    public ulong Seen;

    /// <summary>Records put into the ring (for the task iterator: into its file).</summary>
    public ulong Submitted;

    /// <summary>Records that found the ring full.</summary>
    public ulong Lost;

    /// <summary>Bulk records refused because only the reserve for critical kinds was left.</summary>
    public ulong Refused;

    /// <summary>Records for which no scratch slot was free on the CPU.</summary>
    public ulong Busy;

    /// <summary>Events that the sensor itself caused.</summary>
    public ulong Self;

    /// <summary>Events of a kind that no rule asks for.</summary>
    public ulong Unasked;

    /// <summary>Events that left by one of the counted ways.</summary>
    public readonly ulong Left => Submitted + Lost + Refused + Busy + Self + Unasked;

    /// <summary>Adds <paramref name="other"/> to this row.</summary>
    public void Add(in CounterRow other)
    {
        Seen += other.Seen;
        Submitted += other.Submitted;
        Lost += other.Lost;
        Refused += other.Refused;
        Busy += other.Busy;
        Self += other.Self;
        Unasked += other.Unasked;
    }
}
