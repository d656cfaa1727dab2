using System.Diagnostics;
using System.Globalization;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>A ring that nobody empties: its last quarter is for what must not be missed.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ReserveSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly LiveRing _ring = LiveRing.Small(256 * 1024, Concern.File, Concern.Privilege);

    public void Dispose()
    {
        _ring.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public void Above_three_quarters_bulk_is_refused_and_counted_while_processes_and_what_is_done_to_the_sensor_come_through()
    {
        using var sensor = Start("/bin/cat");
        using var guard = Start("/bin/cat");
        using var other = Start("/usr/bin/setpriv", "--reuid=65534", "--clear-groups", "/bin/cat");
        var key = _ring.WaitFor("the one that stands for the sensor", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == sensor.Id)[0].Key;
        _ring.WaitFor("the other user's", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == other.Id, 2);
        _ring.Maps.State.SetSelf(key.Pid, key.StartNs);
        _ring.Maps.State.SetGuard(guard.Id);
        while (Row(RecordKind.FileCreate).Refused == 0) _probe.Shell("for i in {1..100}; do : > made-$i; rm made-$i; done");
        var before = Row(RecordKind.Kill);
        var (shell, _) = _probe.Shell(string.Create(CultureInfo.InvariantCulture,
            $"kill -URG {other.Id}; kill -URG {sensor.Id} {guard.Id}; exec 5<>/proc/{sensor.Id}/mem 6<>/proc/{guard.Id}/mem; ./probe behind the mark; : > unseen"));
        var after = Row(RecordKind.Kill);
        Assert.True(after.Refused > before.Refused, "the signal to somebody else was not refused");

        _ring.WaitFor("exec behind the mark", e => e.Kind == EventKind.ProcessCreation && e[Fields.CommandLine] == "./probe behind the mark");
        var kills = _ring.Read(e => e.Kind == EventKind.Kill && e.Key.Pid == shell);
        Assert.Equal([(sensor.Id, "true", null), (guard.Id, "true", "true")],
            kills.Select(e => (e.Target.Pid, e[CallFields.TargetIsSensor], e[CallFields.TargetIsGuard])));
        var opens = _ring.Read(e => e.Kind == EventKind.FileOpen && e.Key.Pid == shell);
        Assert.Equal([($"/proc/{sensor.Id}/mem", null), ($"/proc/{guard.Id}/mem", "true")], opens.Select(e => (e[Fields.TargetFilename], e[CallFields.TargetIsGuard])));
        Assert.Empty(_ring.Read(e => e.Kind == EventKind.FileCreate && e.Key.Pid == shell));
        foreach (var kind in (RecordKind[])[RecordKind.Exec, RecordKind.Fork, RecordKind.Exit])
            Assert.Equal((0UL, 0UL, 0UL), (Row(kind).Lost, Row(kind).Refused, Row(kind).Busy));
        sensor.StandardInput.Close();
        guard.StandardInput.Close();
        other.StandardInput.Close();
    }

    private static Process Start(string file, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private CounterRow Row(RecordKind kind) => _ring.Maps.ReadCounters()[kind];
}
