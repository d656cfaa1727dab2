using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct exec_event in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExecRecord
{
    public RecordHeader Header;
    public TaskKey Parent;
    public Surroundings Surroundings;
    public ulong ExecId;
    public ulong ExeInode;
    public ulong ExeSize;
    public long ExeMtime;
    public long ExeCtime;
    public uint ExeDevice;
    public uint ExeMode;
    public uint ExeUid;
    public uint ExeGid;
    public uint ExeLinks;
    public ProcessFlags Flags;
    public uint TtyDevice;
    public uint ExeMagic;
    public ulong ArgsSize;
    public CommName Comm;
    public RecordSlice Exe;
    public RecordSlice Root;
    public RecordSlice Cwd;
    public RecordSlice Cgroup;
    public RecordSlice Tty;
    public RecordSlice File;
    public RecordSlice Interpreter;
    public RecordSlice Environment;
    public RecordSlice Args;
}
