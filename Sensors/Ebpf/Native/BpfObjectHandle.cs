using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>An object opened by libbpf: closing it lets go of its programs and of the maps that nothing else holds.</summary>
internal sealed class BpfObjectHandle : SafeHandle
{
    public BpfObjectHandle(nint value)
        : base(0, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibBpf.bpf_object__close(handle);
        return true;
    }
}
