using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>A program attached by libbpf. Closing it detaches the program, unless the link was pinned and disconnected.</summary>
internal sealed class BpfLinkHandle : SafeHandle
{
    public BpfLinkHandle(nint value)
        : base(0, ownsHandle: true) => SetHandle(value);

    /// <summary>Leaves the link to its pin. Who disconnects it has to close its descriptor, too: libbpf forgets that.</summary>
    public void Forsake()
    {
        using var fd = new SafeFileHandle(LibBpf.bpf_link__fd(this), ownsHandle: true);
        LibBpf.bpf_link__disconnect(this);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibBpf.bpf_link__destroy(handle) == 0;
}
