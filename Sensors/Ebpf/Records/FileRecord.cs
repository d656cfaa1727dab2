using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct file_event in bpf/file.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileRecord
{
    public RecordHeader Header;
    public ulong Inode;
    public ulong Size;
    public long Ctime;
    public uint Device;
    public uint Mode;
    public uint Uid;
    public uint Gid;
    public uint Links;
    public FileFlags Flags;
    public ArgumentPair Arguments;
    public uint Call;
    public uint MountNamespace;
    public PathSource TargetFrom;
    public PathSource SourceFrom;
    public SettleCause Settled;
    public FileFollows Follows;
    public RecordSlice Target;
    public RecordSlice TargetBase;
    public RecordSlice Source;
    public RecordSlice SourceBase;
    public RecordSlice Root;

    [InlineArray(2)]
    internal struct ArgumentPair
    {
        private uint _first;
    }
}
