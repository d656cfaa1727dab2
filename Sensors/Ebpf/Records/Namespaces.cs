using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct namespaces in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Namespaces
{
    public uint Pid;
    public uint Mnt;
    public uint Net;
    public uint User;
    public uint Uts;
    public uint Ipc;
    public uint Cgroup;
    public uint Time;
}
