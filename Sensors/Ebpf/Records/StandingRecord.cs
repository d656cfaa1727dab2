using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct standing_event in bpf/privilege.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StandingRecord
{
    public CallRecord Call;
    public Surroundings Surroundings;
}
