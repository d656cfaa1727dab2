using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>A program attached by libbpf. Closing it detaches the program, unless the link was pinned and disconnected.</summary>
internal sealed class BpfLinkHandle : SafeHandle
{
    public BpfLinkHandle(nint value)
        : base(0, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibBpf.bpf_link__destroy(handle) == 0;
}
