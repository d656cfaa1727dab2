using System.Diagnostics;
using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>What runs before the programs are attached.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class TaskIteratorSpec : IDisposable
{
    private readonly Probe _probe = new();

    public void Dispose() => _probe.Dispose();

    [Fact]
    public void A_running_process_is_found_with_the_same_fields_as_at_its_exec()
    {
        using var ring = LiveRing.Private();
        var sleeper = Path.Combine(_probe.Folder, "sleeper");
        File.Copy("/bin/sleep", sleeper);
        var start = new ProcessStartInfo(sleeper, ["3600"]) { WorkingDirectory = _probe.Folder };
        start.Environment["SSH_CONNECTION"] = "192.0.2.9 1 192.0.2.8 22";
        using var process = Process.Start(start)!;
        try
        {
            var exec = ring.WaitFor("exec", e => e.Kind == EventKind.ProcessCreation && e[Fields.Image] == sleeper)[0];
            var found = Snapshot(ring).Single(e => e.Key == exec.Key);
            Assert.Equal(EventKind.ProcessSnapshot, found.Kind);
            Assert.Equal(exec.Flags, found.Flags);
            Assert.Equal(exec.Fields.Select(f => (f.Key, Encoding.UTF8.GetString(f.Value))).Order(), found.Fields.Select(f => (f.Key, Encoding.UTF8.GetString(f.Value))).Order());
            Assert.Equal(exec.Arguments, found.Arguments);
            Assert.Equal(exec.Detail with { ArgumentEndsOffset = 0 }, found.Detail with { ArgumentEndsOffset = 0 });
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Fact]
    public void Every_process_is_found_once_and_threads_are_not_processes()
    {
        using var ring = LiveRing.Private();
        var all = Snapshot(ring);
        Assert.Equal(all.Count, all.Select(e => e.Key).Distinct().Count());
        Assert.Single(all, e => e.Key.Pid == Environment.ProcessId);
        Assert.All(all, e => Assert.True(e.Key is { StartNs: > 0, Pid: > 0 }));
        using var self = Process.GetCurrentProcess();
        Assert.True(self.Threads.Count > 1);
        Assert.DoesNotContain(all, e => self.Threads.Cast<ProcessThread>().Any(thread => thread.Id == e.Key.Pid && thread.Id != self.Id));
        var row = ring.Maps.ReadCounters()[RecordKind.Task];
        Assert.Equal(row.Seen, row.Submitted + row.Busy);
        Assert.Equal((ulong)all.Count, row.Submitted);
    }

    private static List<SeenEvent> Snapshot(LiveRing ring)
    {
        var all = new List<SeenEvent>();
        var batch = new EventBatch(1, 256 * 1024);
        using var tasks = TaskIterator.Open(ring.Maps);
        while (tasks.TryRead(out var record))
        {
            batch.Begin(new EventSource("ebpf", "test", null, 0), null);
            Assert.Equal(DecodeResult.Decoded, ring.Decoder.Decode(record, 0, false, batch));
            all.Add(SeenEvent.Of(batch.View(0)));
            batch.LetGo();
        }

        return all;
    }
}
