using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>Somebody takes the sensor apart in the kernel: it is said, and what was taken is put back.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class TamperSpec : IDisposable
{
    private const string MemoryRule = "0b7a1a60-9df5-4d5e-9a44-3a8f3f8e3b01";

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();

    public TamperSpec() => File.WriteAllText(Path.Combine(_rules, "memory.yml"), $"""
        title: A memory file
        id: {MemoryRule}
        status: test
        level: low
        logsource:
          product: linux
          category: memfd_create
        detection:
          selection:
            TargetFilename|startswith: picket-
          condition: selection
        """);

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Fact]
    public async Task Pins_that_are_removed_are_said_and_made_again()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        var pins = node.Host.Ebpf!.Maps.Options.PinFolder!;
        File.Delete(Path.Combine(pins, "counters"));
        var notice = NoticeOf(await Tampered(node, "maps"));
        Assert.Contains("counters", notice.GetProperty("damage").GetString(), StringComparison.Ordinal);
        Assert.Equal("watch", notice.GetProperty("noticed-by").GetString());
        Assert.True(File.Exists(Path.Combine(pins, "counters")));

        var clock = Stopwatch.StartNew();
        File.Delete(Directory.GetFiles(pins, "process-*")[0]);
        await Tampered(node, "process");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"the removed pin was noticed after {clock.Elapsed.TotalSeconds} s");
        await node.AlertAsync(MatchId, node.Run("match"));
        Assert.DoesNotContain(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-gap");
    }

    [Theory]
    [InlineData("pinned")]
    [InlineData("id")]
    public async Task A_link_that_bpftool_detaches_is_said_with_its_name_within_5_s_and_attached_again(string by)
    {
        const string Tool = "/usr/sbin/bpftool";
        Assert.SkipUnless(File.Exists(Tool), "bpftool is not installed");
        await using var node = await LiveNode.StartAsync(_rules);
        var pin = Directory.GetFiles(node.Host.Ebpf!.Maps.Options.PinFolder!, "network-*-egress").Single();
        var before = LinkOf(pin);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, _probe.Run(Tool, ["link", "detach", by, by == "id" ? before : pin]).Code);
        var notice = NoticeOf(await Tampered(node, "network"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"the detached link was noticed after {clock.Elapsed.TotalSeconds} s");
        TestContext.Current.TestOutputHelper!.WriteLine($"a link detached by bpftool was noticed after {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(("bpftool", "BPF_LINK_DETACH", "watch"),
            (notice.GetProperty("by-name").GetString(), notice.GetProperty("by-call").GetString(), notice.GetProperty("noticed-by").GetString()));
        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        Assert.Equal("ebpf/network", gap.GetProperty("sensor").GetString());
        Assert.NotEqual(before, LinkOf(Directory.GetFiles(node.Host.Ebpf!.Maps.Options.PinFolder!, "network-*-egress").Single()));
    }

    private static string LinkOf(string pin)
    {
        using var fd = Bpf.TryOpen(pin)!;
        return File.ReadLines($"/proc/self/fdinfo/{fd.DangerousGetHandle()}").First(line => line.StartsWith("link_id:", StringComparison.Ordinal))[8..].Trim();
    }

    [Fact]
    public async Task A_program_that_is_taken_out_of_the_table_is_said_with_the_time_that_nothing_was_seen_and_put_back()
    {
        var entry = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? SyscallEntry.X64 : SyscallEntry.Arm64;
        await using var node = await LiveNode.StartAsync(_rules);
        var calls = CProgram.Compile("memfds", _probe.Folder);
        await node.AlertAsync(MemoryRule, _probe.Run(calls, ["1"]).Pid);
        var before = TimeProvider.System.GetUtcNow();
        Bpf.Delete(node.Host.Ebpf!.Maps.ExitCalls,
            (uint)((int)CallLane.Privilege * CallTable.Slots + SyscallNames.NumberOf(entry, "memfd_create")!.Value));
        await Tampered(node, "privilege");
        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        Assert.Equal("ebpf/privilege", gap.GetProperty("sensor").GetString());

        // The call is this process's own, which the programs do not note: the last good look counts, one of each third second.
        Assert.InRange(gap.GetProperty("from").GetDateTimeOffset(), before.AddSeconds(-4), before);
        await node.AlertAsync(MemoryRule, _probe.Run(calls, ["1"]).Pid);
    }

    [Theory]
    [InlineData(nameof(StateRecord.SelfTgid), "process 1 as the sensor,")]
    [InlineData(nameof(StateRecord.GuardTgid), "process 1 as the sensor's guard")]
    public async Task Who_makes_himself_the_sensor_or_another_its_guard_in_the_state_map_is_said_and_it_is_put_right(string member, string words)
    {
        await using var node = await LiveNode.StartAsync(_rules);
        await node.AlertAsync(MatchId, node.Run("match"));
        var damage = CProgram.Compile("damage", _probe.Folder);
        Assert.Equal(0, _probe.Run(damage, ["poke", $"{node.Host.Ebpf!.Maps.Options.PinFolder}/state", StateOffset.Of(member), "1"], start => start.RedirectStandardOutput = true).Code);
        var notice = NoticeOf(await Tampered(node, "state"));
        Assert.Contains(words, notice.GetProperty("damage").GetString(), StringComparison.Ordinal);
        Assert.Equal(("damage", "BPF_MAP_UPDATE_ELEM"), (notice.GetProperty("by-name").GetString(), notice.GetProperty("by-call").GetString()));
        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        Assert.Equal("kernel", gap.GetProperty("from-known-by").GetString());
        await node.AlertAsync(MatchId, node.Run("match", "after"));
    }

    [Fact]
    public async Task A_map_that_is_frozen_is_said_with_who_did_it_although_nothing_is_blind()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        await node.AlertAsync(MatchId, node.Run("match"));
        var damage = CProgram.Compile("damage", _probe.Folder);
        var clock = Stopwatch.StartNew();
        var (pid, code) = _probe.Run(damage, ["freeze", $"{node.Host.Ebpf!.Maps.Options.PinFolder}/opened"], start => start.RedirectStandardOutput = true);
        Assert.Equal(0, code);
        var notice = NoticeOf(await Tampered(node, "maps"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it was said after {clock.Elapsed}");
        Assert.Equal((pid, "BPF_MAP_FREEZE"), (notice.GetProperty("by-pid").GetInt32(), notice.GetProperty("by-call").GetString()));
        Assert.Contains("the map opened", notice.GetProperty("damage").GetString(), StringComparison.Ordinal);
        await node.AlertAsync(MatchId, node.Run("match", "after"));
        Assert.Single(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-tampered");
    }

    [Theory]
    [InlineData("mem")]
    [InlineData("task/{0}/mem")]
    public async Task Who_opens_the_memory_of_the_sensor_for_writing_is_said_though_no_rule_asks_for_files(string file)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var path = $"/proc/{node.Pid}/{string.Format(System.Globalization.CultureInfo.InvariantCulture, file, node.Pid)}";
        _probe.Shell($"exec 5< {path}; exec 6<> /proc/$$/mem");
        var (pid, code) = _probe.Shell($"exec 5<> {path}");
        Assert.Equal(0, code);
        var alerts = new List<JsonElement>();
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Any(alert => RuleOf(alert) == "picket.sensor-touched");
        });
        var alert = Assert.Single(alerts, alert => RuleOf(alert) == "picket.sensor-touched");
        Assert.Equal((pid, path), (NoticeOf(alert).GetProperty("by_pid").GetInt32(), NoticeOf(alert).GetProperty("detail").GetString()));
        Assert.Equal("high", alert.GetProperty("picket").GetProperty("level").GetString());
        await node.EndAsync(RunningNode.SigInt);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(-4096)]
    [InlineData(1L << 40)]
    public async Task A_reader_position_that_somebody_else_moves_is_put_back_and_said(long bytes)
    {
        await using var node = await LiveNode.StartAsync(_rules);
        await node.AlertAsync(MatchId, node.Run("match"));
        var damage = CProgram.Compile("damage", _probe.Folder);
        string[] consume = ["consume", $"{node.Host.Ebpf!.Maps.Options.PinFolder}/events", bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.Equal(0, _probe.Run(damage, consume, start => start.RedirectStandardOutput = true).Code);
        Assert.Contains("put back", NoticeOf(await Tampered(node, "ring")).GetProperty("damage").GetString(), StringComparison.Ordinal);
        await node.AlertAsync(MatchId, node.Run("match", "after"));
        Assert.True(await node.StopAsync());
        Assert.Equal(0, node.Host.Ebpf!.Pool.Outstanding);
    }

    [Fact]
    public async Task A_node_that_was_stopped_says_by_whom_and_when_as_soon_as_it_goes_on()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var (from, stopper) = (TimeProvider.System.GetUtcNow(), _probe.Shell($"kill -STOP {node.Pid}").Pid);
        var seen = node.Play("match", "while it was stopped");
        var (to, _) = (TimeProvider.System.GetUtcNow(), _probe.Shell($"kill -CONT {node.Pid}"));
        var alerts = new List<JsonElement>();
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Any(alert => LiveNode.IsOf(alert, MatchId, seen)) && alerts.Any(alert => RuleOf(alert) == "picket.node-stopped");
        });
        var notice = NoticeOf(alerts.Single(alert => RuleOf(alert) == "picket.node-stopped"));
        Assert.Equal((stopper, "kernel"), (notice.GetProperty("by-pid").GetInt32(), notice.GetProperty("noticed-by").GetString()));
        Assert.InRange((notice.GetProperty("from").GetDateTimeOffset() - from).TotalMilliseconds, -2, 50);
        Assert.InRange((notice.GetProperty("to").GetDateTimeOffset() - to).TotalMilliseconds, -2, 50);
        await node.EndAsync(RunningNode.SigInt);
    }

    [Fact]
    public async Task A_line_says_regularly_that_the_node_lives()
    {
        await using var node = await LiveNode.StartAsync(_rules, null, "self.heartbeat-interval=50ms");
        var third = await node.AlertAsync(alert => RuleOf(alert) == "picket.heartbeat" && NoticeOf(alert).GetProperty("sequence").GetInt64() == 3,
            "the third heartbeat");
        Assert.Equal("metric", third.GetProperty("event").GetProperty("kind").GetString());
        var beats = node.Alerts().Where(alert => RuleOf(alert) == "picket.heartbeat").ToList();
        Assert.Equal(Enumerable.Range(1, beats.Count).Select(i => (long)i), beats.Select(alert => NoticeOf(alert).GetProperty("sequence").GetInt64()));
        Assert.Equal(beats.Count, beats.Select(alert => alert.GetProperty("event").GetProperty("id").GetString()).Distinct().Count());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "waited 20 s for the notice of the stop and what happened meanwhile");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task<JsonElement> Tampered(LiveNode node, string part) => node.AlertAsync(
        alert => RuleOf(alert) == "picket.sensor-tampered" && NoticeOf(alert).GetProperty("part").GetString() == part, $"the notice that {part} was tampered with");
}
