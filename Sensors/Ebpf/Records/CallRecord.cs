using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct call_event in bpf/privilege.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CallRecord
{
    public RecordHeader Header;
    public ArgumentRow Arguments;
    public long Result;
    public uint Number;
    public CallFlags Flags;
    public TaskKey Target;
    public uint TargetUid;
    public uint Detail;
    public CommName Comm;
    public TextRow Texts;

    [InlineArray(6)]
    internal struct ArgumentRow
    {
        private ulong _first;
    }

    [InlineArray(4)]
    internal struct TextRow
    {
        private RecordSlice _first;
    }
}
