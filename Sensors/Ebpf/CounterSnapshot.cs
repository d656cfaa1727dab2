using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// The programs' counters at one moment, summed over the CPUs. They count since the maps were made, not since this run began.
/// </summary>
public sealed class CounterSnapshot
{
    private readonly CounterRow[] _rows;

    private CounterSnapshot(CounterRow[] rows) => _rows = rows;

    /// <summary>The row of one kind.</summary>
    public ref readonly CounterRow this[RecordKind kind] => ref _rows[(int)kind];

    /// <summary>All kinds together.</summary>
    public CounterRow Total
    {
        get
        {
            var total = default(CounterRow);
            foreach (ref readonly var row in _rows.AsSpan()) total.Add(row);
            return total;
        }
    }

    internal static CounterSnapshot Read(SafeFileHandle map, int cpus)
    {
        var rows = new CounterRow[StateRecord.KindMax];
        var perCpu = new CounterRow[cpus];
        for (var kind = 0u; kind < rows.Length; kind++)
        {
            Bpf.Lookup(map, kind, MemoryMarshal.AsBytes(perCpu.AsSpan()));
            foreach (ref readonly var row in perCpu.AsSpan()) rows[kind].Add(row);
        }

        return new CounterSnapshot(rows);
    }
}
