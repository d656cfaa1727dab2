using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>What was taken apart while a killed node's successor was not there yet: it starts, says so, and sees again.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SuccessorSpec : IDisposable
{
    private static readonly SyscallEntry Entry = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? SyscallEntry.X64 : SyscallEntry.Arm64;

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Theory]
    [InlineData("a pin removed", "process", "look", "pins of its programs")]
    [InlineData("a link detached", "dns", "kernel", "is detached")]
    [InlineData("a link's program replaced", "network", "kernel", "changed by BPF_LINK_UPDATE")]
    [InlineData("an entry taken out", "privilege", "kernel", "not handed to its programs")]
    [InlineData("a generation overwritten", "process", "kernel", "pins of its programs")]
    public async Task What_blinds_a_part_is_said_with_the_time_since_when(string what, string concern, string edge, string words)
    {
        await using var node = await KilledAsync();
        var (from, pid) = Damage(node, what);
        await node.StartAsync("--rules", _rules);
        var after = node.Play("match", "after");
        var alerts = await UntilAsync(node, alerts => alerts.Any(alert => LiveNode.IsOf(alert, MatchId, after)) && alerts.Any(alert => RuleOf(alert) == "picket.sensor-gap"));
        var tampered = NoticeOf(Assert.Single(alerts, alert => RuleOf(alert) == "picket.sensor-tampered"));
        Assert.Equal(concern, tampered.GetProperty("part").GetString());
        Assert.Contains(words, tampered.GetProperty("damage").GetString(), StringComparison.Ordinal);
        var gap = NoticeOf(Assert.Single(alerts, alert => RuleOf(alert) == "picket.sensor-gap"));
        Assert.Equal(($"ebpf/{concern}", edge), (gap.GetProperty("sensor").GetString(), gap.GetProperty("from-known-by").GetString()));
        if (edge == "kernel")
        {
            Assert.InRange((gap.GetProperty("from").GetDateTimeOffset() - from).TotalMilliseconds, -50, 50);
            Assert.Equal(pid, tampered.GetProperty("by-pid").GetInt32());
        }
        else
        {
            Assert.True(gap.GetProperty("from").GetDateTimeOffset() < from, gap.GetRawText());
        }

        (await node.EndAsync(RunningNode.SigInt)).IsDone();
    }

    [Fact]
    public async Task What_its_own_start_writes_over_is_said_all_the_same()
    {
        await using var node = await KilledAsync();
        var (_, pid) = Damage(node, "the asked kinds overwritten");
        await node.StartAsync("--rules", _rules);
        var after = node.Play("match", "after");
        var alerts = await UntilAsync(node, alerts => alerts.Any(alert => LiveNode.IsOf(alert, MatchId, after)) && alerts.Any(alert => RuleOf(alert) == "picket.sensor-tampered"));
        var notice = NoticeOf(Assert.Single(alerts, alert => RuleOf(alert) == "picket.sensor-tampered"));
        Assert.Equal(("maps", "BPF_MAP_UPDATE_ELEM", pid), (notice.GetProperty("part").GetString(), notice.GetProperty("by-call").GetString(), notice.GetProperty("by-pid").GetInt32()));
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
    }

    [Theory]
    [InlineData("a map's pin removed", "the pin of counters is missing")]
    [InlineData("the ring's position moved", "contradict each other")]
    public async Task What_cannot_be_taken_over_is_given_up_and_said(string what, string words)
    {
        await using var node = await KilledAsync();
        Damage(node, what);
        await node.StartAsync("--rules", _rules);
        var after = node.Play("match", "after");
        var alerts = await UntilAsync(node, alerts => alerts.Any(alert => LiveNode.IsOf(alert, MatchId, after)) && alerts.Any(alert => RuleOf(alert) == "picket.ring-discarded"));
        Assert.Contains(words, NoticeOf(alerts.Single(alert => RuleOf(alert) == "picket.ring-discarded")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
    }

    /// <summary>A node that watched and was killed.</summary>
    private async Task<RunningNode> KilledAsync()
    {
        var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        var seen = node.Play("match", "before");
        await UntilAsync(node, alerts => alerts.Any(alert => LiveNode.IsOf(alert, MatchId, seen)));
        await node.EndAsync(RunningNode.SigKill);
        return node;
    }

    private (DateTimeOffset At, int Pid) Damage(RunningNode node, string what)
    {
        var damage = CProgram.Compile("damage", _probe.Folder);
        var slot = ((int)CallLane.Privilege * CallTable.Slots + SyscallNames.NumberOf(Entry, "memfd_create")!.Value).ToString(CultureInfo.InvariantCulture);
        IEnumerable<string> line = what switch
        {
            "a pin removed" => ["/bin/rm", Directory.GetFiles(node.Pins, "process-*").Order().First()],
            "a map's pin removed" => ["/bin/rm", $"{node.Pins}/counters"],
            "a link detached" => [damage, "detach", Directory.GetFiles(node.Pins, "dns-*-egress").Single()],
            "a link's program replaced" => [damage, "replace", Directory.GetFiles(node.Pins, "network-*-egress").Single()],
            "an entry taken out" => [damage, "delete", $"{node.Pins}/exit_calls", slot],
            "a generation overwritten" => [damage, "poke", $"{node.Pins}/state", StateOffset.OfGeneration(Concern.Process), "77777"],
            "the asked kinds overwritten" => [damage, "poke", $"{node.Pins}/state", StateOffset.Of(nameof(StateRecord.Wanted)), "0"],
            _ => [damage, "consume", $"{node.Pins}/events", "1099511627776"],
        };
        var at = TimeProvider.System.GetUtcNow();
        var (pid, code) = _probe.Run(line.First(), line.Skip(1), start => start.RedirectStandardOutput = true);
        Assert.Equal(0, code);
        return (at, pid);
    }

    private static async Task<List<JsonElement>> UntilAsync(RunningNode node, Func<List<JsonElement>, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        using var tail = new AlertTail(node.AlertsFile);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var alerts = new List<JsonElement>();
        while (true)
        {
            alerts.AddRange(tail.Read());
            if (condition(alerts)) return alerts;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"waited 20 s for alerts; there are\n{string.Join('\n', alerts.Select(alert => alert.GetProperty("message")))}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
