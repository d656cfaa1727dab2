using System.Diagnostics;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The ring over restarts, upgrades, a lagging position and overflow, with the real programs.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class RingSpec : IDisposable
{
    private readonly Probe _probe = new();
    private readonly string _pins = LiveRing.NewPinFolder();

    public void Dispose()
    {
        _probe.Dispose();
        if (!Directory.Exists(_pins)) return;
        foreach (var pin in Directory.GetFiles(_pins)) File.Delete(pin);
        Directory.Delete(_pins);
    }

    [Fact]
    public void What_happens_while_no_reader_runs_is_read_by_the_next()
    {
        using (var first = new LiveRing(_pins))
        {
            Assert.False(first.Maps.TakenOver);
            Assert.False(first.Programs.TakenOver);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_pins));
            RunNumbered(0, 20);
            first.WaitFor("numbered exec", IsNumbered, 20);
        }

        RunNumbered(20, 100);
        using var second = new LiveRing(_pins);
        Assert.True(second.Maps.TakenOver);
        Assert.True(second.Programs.TakenOver);
        Assert.Equal(RunState.Running, second.Maps.Previous);
        RunNumbered(120, 20);
        var execs = second.WaitFor("numbered exec", IsNumbered, 120);
        Assert.Equal(Enumerable.Range(20, 120), execs.Select(Number));
        Assert.Equal(0UL, second.Maps.ReadCounters()[RecordKind.Exec].Lost);
    }

    [Fact]
    public void What_was_read_but_not_published_is_read_again_under_the_same_number()
    {
        List<SeenEvent> before;
        using (var first = new LiveRing(_pins) { PublishAtOnce = false })
        {
            RunNumbered(0, 10);
            before = first.WaitFor("numbered exec", IsNumbered, 10);
            first.Reader.Publish(before[4].Sequence);
            first.Maps.State.HandedPosition = before[7].Sequence;
        }

        using var second = new LiveRing(_pins);
        Assert.Equal(before[7].Sequence, second.Maps.RepeatedUpTo);
        var again = second.WaitFor("numbered exec", IsNumbered, 5);
        Assert.Equal(before.Skip(5).Select(e => (e.Sequence, e.Key, Number(e))), again.Select(e => (e.Sequence, e.Key, Number(e))));
    }

    [Fact]
    public void A_stop_in_order_is_told_from_another()
    {
        using (var first = new LiveRing(_pins)) first.Maps.MarkStopped();
        using (var second = new LiveRing(_pins)) Assert.Equal(RunState.Stopped, second.Maps.Previous);
        using var third = new LiveRing(_pins);
        Assert.Equal(RunState.Running, third.Maps.Previous);
    }

    [Fact]
    public void Two_sensors_do_not_share_a_pin_folder()
    {
        using var first = new LiveRing(_pins);
        var refused = Assert.Throws<BpfException>(() => SharedMaps.Open(first.Maps.Options));
        Assert.Contains("another sensor", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_programs_replace_the_attached_ones_without_a_gap()
    {
        var objects = Directory.CreateDirectory(Path.Combine(_probe.Folder, "objects")).FullName;
        foreach (var path in Directory.GetFiles(KernelObjects.Folder, "*.bpf.o"))
        {
            // Bytes behind the end of the file make it another build and change nothing else.
            File.WriteAllBytes(Path.Combine(objects, Path.GetFileName(path)), [.. File.ReadAllBytes(path), 0, 0, 0, 0]);
        }

        uint generation;
        using (var first = new LiveRing(_pins)) generation = first.Programs.Generation;
        using var load = Process.Start(new ProcessStartInfo("bash", ["-c", "i=0; while [[ ! -e stop ]]; do ./probe number $((i++)); done; echo $i"])
            { WorkingDirectory = _probe.Folder, RedirectStandardOutput = true })!;
        using var second = new LiveRing(_pins, objects);
        Assert.False(second.Programs.TakenOver);
        Assert.Equal(generation + 1, second.Programs.Generation);
        var before = second.WaitFor("numbered exec", IsNumbered, 50).Count;
        second.WaitFor("numbered exec of the new generation", IsNumbered, before + 50);
        File.WriteAllText(Path.Combine(_probe.Folder, "stop"), "");
        load.WaitForExit();
        var count = int.Parse(load.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
        var seen = second.WaitFor("the last numbered exec", e => IsNumbered(e) && Number(e) == count - 1, 1);
        Assert.NotEmpty(seen);
        var numbers = second.Read(IsNumbered).Select(Number).ToList();
        Assert.Equal(Enumerable.Range(0, count), numbers.Distinct().Order());
        Assert.InRange(numbers.Count - count, 0, 1);
        Assert.DoesNotContain(Directory.GetFiles(_pins), path => Path.GetFileName(path).StartsWith($"process-{generation}-", StringComparison.Ordinal));
    }

    [Fact]
    public void Maps_of_another_shape_are_replaced_and_said()
    {
        using (var first = new LiveRing(_pins)) RunNumbered(0, 3);
        using var second = new LiveRing(_pins, null, 1024 * 1024);
        Assert.False(second.Maps.TakenOver);
        Assert.Contains("events", second.Maps.Discarded, StringComparison.Ordinal);
        Assert.True(second.Maps.DiscardedBytes > 0);
        RunNumbered(3, 1);
        Assert.Equal(3, Number(second.WaitFor("numbered exec", IsNumbered)[0]));
    }

    [Fact]
    public void No_event_waits_long_whether_the_published_position_lags_or_not()
    {
        using var ring = new LiveRing(_pins);
        foreach (var lagging in (bool[])[false, true])
        {
            ring.PublishAtOnce = !lagging;
            var seen = ring.Read(IsNumbered).Count;
            var waits = new List<double>();
            for (var i = 0; i < 40; i++)
            {
                using var process = Process.Start(new ProcessStartInfo(_probe.Path, ["number", "1"]))!;
                seen++;
                var execs = ring.WaitFor("numbered exec", IsNumbered, seen);
                waits.Add((BootNs() - execs[^1].TimeNs) / 1e6);
                process.WaitForExit();
            }

            waits.Sort();
            TestContext.Current.SendDiagnosticMessage($"lagging {lagging}: median {waits[20]:f2} ms, longest {waits[^1]:f2} ms");
            Assert.InRange(waits[20], 0, 8);
        }
    }

    [Fact]
    public void A_full_ring_loses_countably_and_what_is_in_it_stays_in_order()
    {
        using var ring = new LiveRing(_pins, null, 64 * 1024) { PublishAtOnce = false };
        RunNumbered(0, 200);
        var execs = ring.Read(IsNumbered);
        var row = ring.Maps.ReadCounters()[RecordKind.Exec];
        Assert.InRange(execs.Count, 1, 199);
        Assert.Equal(Enumerable.Range(0, execs.Count), execs.Select(Number));
        Assert.True(row.Lost >= (ulong)(200 - execs.Count));
        Assert.Equal(row.Seen, row.Submitted + row.Lost + row.Refused + row.Busy + row.Self);
        Assert.InRange(ring.Reader.FillRatio, 0.5, 1);
        ring.Reader.Publish(ring.Reader.Position);
        RunNumbered(200, 1);
        Assert.Equal(200, Number(ring.WaitFor("exec after the flood", e => IsNumbered(e) && Number(e) >= 200)[0]));
    }

    [Fact]
    public void A_position_that_was_never_read_cannot_be_published()
    {
        using var ring = new LiveRing(_pins);
        RunNumbered(0, 1);
        ring.WaitFor("numbered exec", IsNumbered);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Reader.Publish(ring.Reader.Produced + 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Reader.Publish(ring.Reader.Published - 8));
    }

    [Fact]
    public async Task Stop_ends_a_wait_without_limit()
    {
        using var ring = new LiveRing(_pins);
        var wait = Task.Factory.StartNew(() =>
        {
            while (ring.Waiter.Wait(-1)) ring.Read(_ => false);
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(wait.IsCompleted);
        ring.Waiter.Stop();
        await wait.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_raw_twins_report_what_the_typed_programs_do()
    {
        using var typed = new LiveRing(_pins);
        var raw = new LiveRing(_pins + "-raw", null, 1024 * 1024, preferTyped: false);
        try
        {
            Assert.All(raw.Programs.Costs, cost => Assert.EndsWith("_raw", cost.Program, StringComparison.Ordinal));
            var (pid, _) = _probe.Run(_probe.Path, ["number", "1"]);
            var (a, b) = (typed.LifeOf(pid, _probe.Path), raw.LifeOf(pid, _probe.Path));
            foreach (var (one, other) in ((SeenEvent, SeenEvent)[])[(a.Fork, b.Fork), (a.Exec, b.Exec), (a.Exit, b.Exit)])
            {
                Assert.Equal((one.Kind, one.Key, one.Flags, one.Detail), (other.Kind, other.Key, other.Flags, other.Detail));
                Assert.Equal(one.Fields, other.Fields);
            }
        }
        finally
        {
            raw.Programs.Detach(raw.Maps);
            raw.Maps.RemovePins();
            raw.Dispose();
        }
    }

    [Fact]
    public void The_verifier_walks_far_less_than_its_limit()
    {
        using var ring = new LiveRing(_pins);
        Assert.Equal(3, ring.Programs.Costs.Count);
        foreach (var cost in ring.Programs.Costs)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{cost.Program}: {cost.Instructions} instructions verified");
            Assert.InRange(cost.Instructions, 0u, 500_000u);
        }
    }

    [Fact]
    public void A_refused_object_says_what_libbpf_said()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_probe.Folder, "broken")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "process.bpf.o"), new byte[4096]);
        KernelObjects.Require(_pins);
        var refused = Assert.Throws<BpfException>(() => new LiveRing(_pins, folder));
        Assert.Contains("process.bpf.o", refused.Message, StringComparison.Ordinal);
        Assert.Contains("libbpf:", refused.Log, StringComparison.Ordinal);
    }

    private static ulong BootNs()
    {
        const int BootTime = 7;
        Span<long> time = stackalloc long[2];
        Assert.Equal(0, clock_gettime(BootTime, time));
        return ((ulong)time[0] * 1_000_000_000) + (ulong)time[1];
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, Span<long> time);

    private static int Number(SeenEvent e) => int.Parse(e.Arguments[2], System.Globalization.CultureInfo.InvariantCulture);

    private bool IsNumbered(SeenEvent e) => e.Kind == EventKind.ProcessCreation && e[Fields.Image] == _probe.Path && e.Arguments.Length == 3 && e.Arguments[1].AsSpan().SequenceEqual("number"u8);

    private void RunNumbered(int first, int count)
    {
        var (_, code) = _probe.Shell($"for ((i = {first}; i < {first + count}; i++)); do ./probe number $i || exit 1; done");
        Assert.Equal(0, code);
    }
}
