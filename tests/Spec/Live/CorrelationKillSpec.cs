using System.Globalization;
using System.Runtime.Versioning;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>A node that is killed in the midst of windows: each window fires once, whatever of it came before the kill.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class CorrelationKillSpec : IDisposable
{
    private const string ThreeId = "8b1f5d0a-6f0d-4b7e-9f6a-5d2c1e0b7a11";

    private const string Rules = $$"""
        title: A Pick
        name: pick
        status: test
        logsource: { product: linux, service: auditd }
        detection: { selection: { type: EXECVE, a0: pick }, condition: selection }
        ---
        title: Three Picks
        id: {{ThreeId}}
        status: test
        correlation: { type: event_count, rules: [pick], group-by: [a1], timespan: 1h, condition: { gte: 3 } }

        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _rules = Write(Rules);
    private readonly string _logs = TestFolder.Make("correlkill");
    private readonly List<(string Group, string[] Events)> _found = [];
    private long _serial;

    private string Log => Path.Combine(_logs, "audit.log");

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Fact]
    public async Task A_window_goes_on_over_a_kill_and_a_reload_and_a_kill()
    {
        await File.WriteAllTextAsync(Log, "", TestContext.Current.CancellationToken);
        await using var node = new RunningNode();
        using var tail = new AlertTail(node.AlertsFile);
        await node.StartAsync(Arguments);
        await WriteAsync("x");
        await TakenAsync(node, 1);
        await node.EndAsync(RunningNode.SigKill);

        await node.StartAsync(Arguments);
        await File.WriteAllTextAsync(Path.Combine(_rules, "more.yml"), Needle[5..], TestContext.Current.CancellationToken);
        node.Signal(RunningNode.SigHup);
        await UntilAsync(() => node.Said.Contains("The rules were reloaded (SIGHUP)", StringComparison.Ordinal), "the reload");
        await WriteAsync("x");
        await TakenAsync(node, 1);
        await node.EndAsync(RunningNode.SigKill);

        await node.StartAsync(Arguments);
        Assert.Empty(Read(tail));
        await WriteAsync("x");
        await UntilAsync(() => Read(tail).Count > 0, "the third match's alert");
        Assert.Equal(3, _found.Single().Events.Distinct().Count());
        await node.EndAsync(RunningNode.SigKill);

        // The group is silent after the kill as it was before.
        await node.StartAsync(Arguments);
        await WriteAsync("x", "y", "y", "y");
        await UntilAsync(() => Read(tail).Exists(alert => alert.Group == "y"), "the other group's alert");
        Assert.Single(_found, alert => alert.Group == "x");
        Assert.Equal(0, (await node.EndAsync(RunningNode.SigInt)).Code);
    }

    [Fact]
    public async Task Each_of_many_windows_fires_once_when_the_node_is_killed_under_load()
    {
        const int Groups = 2000, Apart = 400, Kills = 4;
        await File.WriteAllTextAsync(Log, "", TestContext.Current.CancellationToken);
        await using var node = new RunningNode();
        using var tail = new AlertTail(node.AlertsFile);
        await node.StartAsync(Arguments);
        var written = 0;
        var writing = Task.Run(async () =>
        {
            // The three lines of a group are far apart, so that at each moment hundreds of windows are open.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            for (var i = 0; i < Groups + (2 * Apart); i++)
            {
                await WriteAsync([.. ((int[])[i, i - Apart, i - (2 * Apart)]).Where(group => group is >= 0 and < Groups).Select(group => $"g{group}")]);
                Volatile.Write(ref written, i);
                await pause.WaitForNextTickAsync();
            }
        }, TestContext.Current.CancellationToken);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await UntilAsync(() => Volatile.Read(ref written) >= kill * Groups / (Kills + 1), $"kill {kill}");
            await node.EndAsync(RunningNode.SigKill);
            await node.StartAsync(Arguments);
        }

        await writing;
        await UntilAsync(() => Read(tail).Select(alert => alert.Group).Distinct().Count() == Groups,
            () => $"all groups' alerts; there are {_found.Select(alert => alert.Group).Distinct().Count()}");
        Assert.Equal(0, (await node.EndAsync(RunningNode.SigInt)).Code);
        Read(tail);
        Assert.Equal(Groups, _found.Count);
        Assert.All(_found, alert => Assert.Equal(3, alert.Events.Distinct().Count()));
    }

    private string[] Arguments => ["--rules", _rules, "-o", "sensors.ebpf.enabled=false", "-o", "sensors.logs.journal=off", "-o", "detection.shards=2",
        "-o", "detection.correlation.save-interval=1h", "-o", $"sensors.logs.files=[{{path=\"{Log}\",service=auditd}}]"];

    private async Task WriteAsync(params string[] groups)
    {
        var text = string.Concat(groups.Select(group => string.Create(CultureInfo.InvariantCulture,
            $"type=EXECVE msg=audit({TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0:0.000}:{++_serial}): argc=2 a0=\"pick\" a1=\"{group}\"\n")));
        await File.AppendAllTextAsync(Log, text);
    }

    private List<(string Group, string[] Events)> Read(AlertTail tail)
    {
        foreach (var alert in tail.Read().Where(alert => RuleOf(alert) == ThreeId))
        {
            var picket = alert.GetProperty("picket");
            _found.Add((picket.GetProperty("correlation").GetProperty("group")[0].GetProperty("value").GetString()!,
                [.. picket.GetProperty("events").EnumerateArray().Select(one => one.GetString()!)]));
        }

        return _found;
    }

    /// <summary>Waits until the running node's correlations have taken so many matches.</summary>
    private static async Task TakenAsync(RunningNode node, long count)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var (started, taken) = (TimeProvider.System.GetTimestamp(), -1L);
        while (taken != count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited {Limit.TotalSeconds} s for {count} matches; there are {taken}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            using var status = await Node.Status.StatusClient.AskAsync(Path.Combine(node.Folder, "state"), TestContext.Current.CancellationToken);
            taken = status.RootElement.GetProperty("correlations").GetProperty("taken").GetInt64();
        }
    }

    private static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, () => what);

    private static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var started = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited {Limit.TotalSeconds} s for {what()}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
