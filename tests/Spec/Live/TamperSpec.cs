using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;
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

        File.Delete(Directory.GetFiles(pins, "process-*")[0]);
        await Tampered(node, "process");
        await node.AlertAsync(MatchId, node.Run("match"));
        Assert.DoesNotContain(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-gap");
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
        Assert.InRange(gap.GetProperty("from").GetDateTimeOffset(), before.AddSeconds(-1.5), before);
        await node.AlertAsync(MemoryRule, _probe.Run(calls, ["1"]).Pid);
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

    private static Task<JsonElement> Tampered(LiveNode node, string part) => node.AlertAsync(
        alert => RuleOf(alert) == "picket.sensor-tampered" && NoticeOf(alert).GetProperty("part").GetString() == part, $"the notice that {part} was tampered with");
}
