using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>The whole process is killed while lines are written to a log: no line goes without its alert.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class LogKillSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _rules = Write(Needle);

    private readonly string _logs = TestFolder.Make("logkill");

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Fact]
    public async Task Each_line_alerts_when_the_node_is_killed_and_started_again_and_a_repeat_has_the_same_id()
    {
        const int Kills = 3;
        var log = Path.Combine(_logs, "auth.log");
        await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
        await using var node = new RunningNode();
        string[] arguments = ["--rules", _rules, "-o", "sensors.ebpf.enabled=false", "-o", "sensors.logs.journal=off", "-o", $"sensors.logs.files=[{{path=\"{log}\",service=auth}}]"];
        await node.StartAsync(arguments);
        var (written, stop) = (0, false);
        var writing = Task.Run(async () =>
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            await using var writer = new StreamWriter(log, append: true) { AutoFlush = true };
            while (!Volatile.Read(ref stop))
            {
                for (var i = 0; i < 5; i++) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Mar  3 15:30:25 web1 sshd[812]: needle {Interlocked.Increment(ref written)};"));
                await pause.WaitForNextTickAsync();
            }
        }, TestContext.Current.CancellationToken);
        using var tail = new AlertTail(node.AlertsFile);
        var found = new List<(int Number, string Id)>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var until = Volatile.Read(ref written) + 500;
            await UntilAsync(() => Read(tail, found) >= until || found.Exists(alert => alert.Number >= until), $"line {until}");
            await node.EndAsync(RunningNode.SigKill);
            await node.StartAsync(arguments);
        }

        Volatile.Write(ref stop, true);
        await writing;
        await UntilAsync(() => Read(tail, found) > 0 && found.Exists(alert => alert.Number == written), "the last line's alert");
        Assert.Equal(0, (await node.EndAsync(RunningNode.SigInt)).Code);
        Read(tail, found);
        TestContext.Current.TestOutputHelper!.WriteLine($"{written} lines, {found.Count} alerts, {found.Distinct().Count()} of them different");
        Assert.Equal(Enumerable.Range(1, written), found.Select(alert => alert.Number).Distinct().Order());
        Assert.Equal(written, found.Distinct().Count());
    }

    private static int Read(AlertTail tail, List<(int Number, string Id)> found)
    {
        foreach (var alert in tail.Read().Where(alert => RuleOf(alert) == NeedleId))
        {
            var text = alert.GetProperty("event").GetProperty("original").GetString()!;
            var at = text.IndexOf("needle ", StringComparison.Ordinal) + 7;
            found.Add((int.Parse(text.AsSpan(at, text.Length - at - 1), CultureInfo.InvariantCulture), alert.GetProperty("event").GetProperty("id").GetString()!));
        }

        return found.Count;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
