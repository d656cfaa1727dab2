using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Node.Bench.Sensors;

/// <summary>One entry of the generator's log: struct operation of tests/Bench/load/load.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Operation
{
    public OperationCode Code;
    public ushort Worker;

    /// <summary>The error number; 0 when it was done.</summary>
    public int Error;

    /// <summary>The process that did it; of an exec, the one that was made.</summary>
    public int Pid;

    /// <summary>The round: names and arguments are made of it.</summary>
    public uint Number;

    /// <summary>Boot time in nanoseconds before it began.</summary>
    public ulong BeforeNs;

    /// <summary>Boot time in nanoseconds when it was over.</summary>
    public ulong AfterNs;

    public ulong Inode;
    public uint Device;
    public ushort LocalPort;
    public ushort RemotePort;
    public Address Local;
    public Address Remote;
    public ushort QueryId;
    public ushort QueryType;
    public uint Reserved;

    /// <summary>An IPv6 address, or an IPv4 one mapped into it.</summary>
    [InlineArray(16)]
    internal struct Address
    {
        private byte _first;
    }
}
