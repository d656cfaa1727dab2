using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>
/// The host lacks something: the node says what, and everything that does not need it works. Each host is made for real, in a mount
/// namespace and with capabilities of the node's own.
/// </summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PoorHostSpec : IDisposable
{
    private readonly string _rules = Write(Match + Needle);

    private readonly string _logs = TestFolder.Make("poorhost");

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Theory]
    [InlineData("without BTF", "mount -t tmpfs none /sys/kernel/btf", "the kernel's type information /sys/kernel/btf/vmlinux")]
    [InlineData("without the right to load", "exec capsh --drop=cap_bpf,cap_perfmon,cap_sys_admin -- -c 'exec \"$0\" \"$@\"' \"$0\" \"$@\"",
        "the right to load BPF programs (run as root, or give CAP_BPF")]
    [InlineData("without tracefs", "mount -t tmpfs none /sys/kernel/tracing; mount -t tmpfs none /sys/kernel/debug", null)]
    [InlineData("without bpffs", "umount /sys/fs/bpf", null)]
    [InlineData("without cgroup2", "for m in $(awk '$3 == \"cgroup2\" { print $2 }' /proc/self/mounts); do umount $m; done", null)]
    [InlineData("without any cgroup", "umount -l /sys/fs/cgroup", null)]
    public async Task What_is_missing_is_said_and_the_rest_works(string host, string surroundings, string? words)
    {
        var log = Path.Combine(_logs, "auth.log");
        await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
        await using var node = new RunningNode { Surroundings = surroundings };
        await node.StartAsync("--rules", _rules, "-o", "sensors.logs.journal=off", "-o", $"sensors.logs.files=[{{path=\"{log}\",service=auth}}]");
        using var tail = new AlertTail(node.AlertsFile);
        await File.AppendAllTextAsync(log, "Mar  3 15:30:25 web1 sshd[812]: a needle of auth\n", TestContext.Current.CancellationToken);
        var played = node.Play("match", "poor");
        var alerts = new List<JsonElement>();
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Any(alert => RuleOf(alert) == NeedleId)
                && (words is not null || alerts.Any(alert => LiveNode.IsOf(alert, MatchId, played)));
        }, host);
        var end = await node.EndAsync(RunningNode.SigInt);
        alerts.AddRange(tail.Read());
        var degraded = alerts.Where(alert => RuleOf(alert) == "picket.sensor-degraded").Select(alert => NoticeOf(alert).GetProperty("reason").GetString()!).ToList();
        if (words is null)
        {
            Assert.True(degraded.Count == 0, string.Join('\n', degraded));
            Assert.Equal("", end.Error);
        }
        else
        {
            Assert.Contains(words, Assert.Single(degraded), StringComparison.Ordinal);
            Assert.Contains(words, end.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(alerts, alert => LiveNode.IsOf(alert, MatchId, played));
        }

        Assert.Equal(0, end.Code);
        Assert.DoesNotContain("Unhandled exception", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tracing_that_is_switched_off_is_said_and_nothing_is_missed()
    {
        // The switch stands in the namespace of the node, so that nobody else's tracing is touched.
        await using var node = new RunningNode { Surroundings = "mount -t tmpfs none /sys/kernel/tracing; echo 1 > /sys/kernel/tracing/tracing_on" };
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        await File.WriteAllTextAsync($"/proc/{node.Pid}/root/sys/kernel/tracing/tracing_on", "0\n", TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        var alerts = new List<JsonElement>();
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Any(alert => RuleOf(alert) == "picket.tracing-off");
        }, "the notice that tracing is off");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it was said after {clock.Elapsed.TotalSeconds} s");
        Assert.Equal("watch", NoticeOf(alerts.Single(alert => RuleOf(alert) == "picket.tracing-off")).GetProperty("noticed-by").GetString());
        var played = node.Play("match", "still seen");
        await UntilAsync(() => node.Alerts(MatchId, played).Count == 1, "the alert of a process");
        await node.EndAsync(RunningNode.SigInt);
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"waited 20 s: {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
