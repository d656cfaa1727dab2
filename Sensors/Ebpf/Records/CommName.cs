using System.Runtime.CompilerServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>The kernel's thread name: 16 bytes, ended by a NUL.</summary>
[InlineArray(16)]
internal struct CommName
{
    private byte _first;
}
