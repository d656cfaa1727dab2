using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct credentials in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Credentials
{
    public uint Uid;
    public uint Gid;
    public uint Euid;
    public uint Egid;
    public uint Suid;
    public uint Sgid;
    public uint Fsuid;
    public uint Fsgid;
    public uint Loginuid;
    public uint Sessionid;
    public uint Securebits;
    public uint Reserved;
    public ulong CapEffective;
    public ulong CapPermitted;
    public ulong CapInheritable;
    public ulong CapBounding;
    public ulong CapAmbient;
}
