using System.Runtime.InteropServices;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Live;

/// <summary>Changes the kernel programs' own counters, as a record that vanishes between them and the reader would.</summary>
internal static unsafe partial class CounterPlant
{
    private const int UpdateElement = 2;
    private static readonly nint SystemCall = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>Lets <paramref name="change"/> rewrite the first processor's row of a kind.</summary>
    public static void Change(SharedMaps maps, RecordKind kind, Func<CounterRow, CounterRow> change)
    {
        var rows = new CounterRow[SharedMaps.PossibleCpus];
        Bpf.Lookup(maps.CounterMap, (uint)kind, MemoryMarshal.AsBytes(rows.AsSpan()));
        rows[0] = change(rows[0]);
        var key = (uint)kind;
        fixed (CounterRow* value = rows)
        {
            var attribute = new Attribute { Map = (uint)maps.CounterMap.DangerousGetHandle(), Key = (ulong)&key, Value = (ulong)value };
            Assert.Equal(0, syscall(SystemCall, UpdateElement, &attribute, sizeof(Attribute)));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attribute, nint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct Attribute
    {
        public uint Map;
        public uint Padding;
        public ulong Key;
        public ulong Value;
        public ulong Flags;
    }
}
