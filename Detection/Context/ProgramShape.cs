using System.Runtime.InteropServices;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>The lengths of a stored <see cref="ProgramImage"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramShape
{
    public ulong ExecutedNs;
    public int Executable;
    public int CommandLine;
    public int Directory;
    public int Arguments;
    public EventFlags Flags;
    public ushort Reserved;
    public int Padding;
}
