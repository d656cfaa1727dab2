using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>
/// Mirrors struct call_form in bpf/events.h: what the programs for files make of a call's arguments. Arguments are given by their
/// number plus one; 0 for what the call does not have.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CallForm
{
    public byte Kind;
    public byte Dirfd;
    public byte Text;
    public byte SourceDirfd;
    public byte Source;
    public byte First;
    public byte Second;
    public FormSpecial Special;

    /// <summary>In <see cref="SourceDirfd"/>: the source is no path but what a symbolic link says.</summary>
    public const byte Literal = 255;
}
