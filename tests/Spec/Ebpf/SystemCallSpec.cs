using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The one hook on system calls and the programs that it calls.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SystemCallSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly string _calls;

    public SystemCallSpec() => _calls = CProgram.Compile("calls", _probe.Folder);

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_is_seen_through_both_entries_and_also_when_it_fails(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        var (pid, code) = _probe.Run(_calls);
        Assert.Equal(0, code);
        var expected = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 3 : 2;
        var seen = ring.WaitFor("memfd_create", e => e.Kind == EventKind.Memfd && e.Key.Pid == pid, expected);
        Assert.Equal(expected, seen.Count);
        Assert.Equal("picket-by-64", seen[0][Fields.TargetFilename]);
        if (expected == 3) Assert.Equal("picket-by-32", seen[1][Fields.TargetFilename]);
        Assert.Null(seen[^1][Fields.TargetFilename]);
        Assert.Equal(seen[0].Key, ring.WaitFor("its fork", e => e.Kind == EventKind.ProcessFork && e.Key.Pid == pid)[0].Key);
    }

    [Fact]
    public void What_nobody_asks_for_is_counted_and_not_reported()
    {
        using var ring = LiveRing.With(true, Concern.Privilege);
        ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate);
        var (pid, code) = _probe.Run(_calls);
        Assert.Equal(0, code);
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == pid);
        Assert.Empty(ring.Read(e => e.Kind == EventKind.Memfd && e.Key.Pid == pid));
        var row = ring.Maps.ReadCounters()[RecordKind.Memfd];
        Assert.True(row.Unasked >= 2, $"unasked {row.Unasked}");
        Assert.Equal(0UL, row.Submitted);
        Assert.Equal(row.Seen, row.Left);
    }

    [Fact]
    public void Programs_in_the_table_are_taken_over_and_one_that_is_taken_out_is_noticed()
    {
        var pins = LiveRing.NewPinFolder();
        using var maps = SharedMaps.Open(KernelObjects.Require(pins));
        try
        {
            uint generation;
            using (var first = ProgramSet.Start(maps, Concern.Privilege)) generation = first.Generation;
            var second = ProgramSet.Start(maps, Concern.Privilege);
            Assert.True(second.TakenOver);
            Assert.Equal(generation, second.Generation);
            Assert.Null(second.FindDamage(maps));
            Picket.Sensors.Ebpf.Native.Bpf.Delete(maps.ExitCalls, (uint)((int)CallLane.Privilege * CallTable.Slots
                + Picket.Sensors.Linux.SyscallNames.NumberOf(RuntimeInformation.ProcessArchitecture == Architecture.X64
                    ? Picket.Sensors.Linux.SyscallEntry.X64 : Picket.Sensors.Linux.SyscallEntry.Arm64, "memfd_create")!.Value));
            var damage = second.FindDamage(maps);
            Assert.Contains("not handed", damage!.Text, StringComparison.Ordinal);
            Assert.True(damage.IsBlind);
            second.Detach(maps);
            Assert.Equal("", string.Join(' ', Directory.GetFiles(pins).Select(Path.GetFileName).Where(name => name!.StartsWith("privilege", StringComparison.Ordinal))));
        }
        finally
        {
            maps.RemovePins();
        }
    }
}
