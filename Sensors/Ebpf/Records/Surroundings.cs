using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct surroundings in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Surroundings
{
    public Credentials Credentials;
    public Namespaces Namespaces;
    public ulong CgroupId;
    public uint NsPid;
    public uint NsLevel;
}
