using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct state in bpf/events.h: the one entry of the map that the reader maps and the programs read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StateRecord
{
    public const uint CurrentAbi = 3;
    public const int KindMax = 128;
    public const int ConcernMax = 16;

    public uint Abi;
    public RunState Run;
    public uint SelfTgid;
    public uint GuardTgid;
    public uint GuardBy;
    public uint Reserved;
    public ulong SelfStart;
    public ulong Started;
    public WantedRow Wanted;
    public ulong Handed;
    public GenerationRow Generation;
    public BuildRow Build;
    public CounterTable Acknowledged;

    [InlineArray(KindMax / 64)]
    internal struct WantedRow
    {
        private ulong _first;
    }

    [InlineArray(ConcernMax)]
    internal struct GenerationRow
    {
        private uint _first;
    }

    [InlineArray(ConcernMax)]
    internal struct BuildRow
    {
        private ulong _first;
    }

    [InlineArray(KindMax)]
    internal struct CounterTable
    {
        private CounterRow _first;
    }
}
