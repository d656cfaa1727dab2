using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>A log lies on a file system that stops to answer, under a whole node: the other log alerts on, and no line is missed.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class LogHangNodeSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly double Exact = 50;

    private readonly string _rules = Write(Needle);
    private readonly string _logs = TestFolder.Make("loghang");
    private readonly HangingFiles _files;

    public LogHangNodeSpec() => _files = new HangingFiles(_logs);

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("lookup")]
    public async Task The_other_log_alerts_on_and_the_gap_is_right_within_50_ms(string kind)
    {
        await using var node = await StartAsync();
        _files.Append(Line("dead 1"));
        await AlertAsync(node, "dead 1");
        await WriteAsync("good 0");
        await AlertAsync(node, "good 0");

        _files.Hang(kind);
        _files.Append(Line("dead 2"));
        var hung = await _files.KeptAsync(Limit);
        var lines = node.Host.Logs!.Counts.Lines;
        var (written, stop) = (0, false);
        var writing = Task.Run(async () =>
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!Volatile.Read(ref stop))
            {
                await WriteAsync($"good {Interlocked.Increment(ref written)}");
                await pause.WaitForNextTickAsync();
            }
        }, TestContext.Current.CancellationToken);
        var read = await Task.Run(() =>
        {
            Assert.True(SpinWait.SpinUntil(() => node.Host.Logs.Counts.Lines > lines, Limit), "waited for a line of the other log");
            return TimeProvider.System.GetUtcNow();
        }, TestContext.Current.CancellationToken);

        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        var (from, to) = (gap.GetProperty("from").GetDateTimeOffset(), gap.GetProperty("to").GetDateTimeOffset());
        var said = $"said {from:ss.ffff} to {to:ss.ffff}; hung {hung:ss.ffff}, a line was read {read:ss.ffff}; {gap.GetProperty("reason").GetString()}";
        TestContext.Current.TestOutputHelper!.WriteLine(said);
        Assert.Equal("logs/files", gap.GetProperty("sensor").GetString());
        Assert.Contains(_files.Log, gap.GetProperty("reason").GetString());
        Assert.True(Math.Abs((from - hung).TotalMilliseconds) < Exact && Math.Abs((to - read).TotalMilliseconds) < Exact, said);
        Assert.True(to - from < TimeSpan.FromSeconds(5), said);
        var left = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.log-left-out", "the notice that the log is left out"));
        Assert.Equal(_files.Folder, left.GetProperty("log").GetString());
        var until = Volatile.Read(ref written) + 20;
        await AlertAsync(node, $"good {until}");

        _files.Append(Line("dead 3"));
        _files.Go();
        var answers = await node.AlertAsync(alert => RuleOf(alert) == "picket.log-answers", "the notice that the log answers");
        Assert.Contains("nothing of it was missed", answers.GetProperty("message").GetString());
        await AlertAsync(node, "dead 3");
        Volatile.Write(ref stop, true);
        await writing;
        Assert.True(await node.StopAsync(), "not all that was under way arrived");

        var texts = node.Alerts().Where(alert => RuleOf(alert) == NeedleId).Select(alert => alert.GetProperty("event").GetProperty("original").GetString()!).ToList();
        var expected = Enumerable.Range(0, written + 1).Select(i => Line($"good {i}")).Concat(Enumerable.Range(1, 3).Select(i => Line($"dead {i}")));
        Assert.Equal(expected.Order(), texts.Order());
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        Assert.Equal(0, node.Host.Logs.Pool.Outstanding);
        Assert.Single(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-gap");
    }

    [Fact]
    public async Task A_node_stops_in_time_while_a_log_does_not_answer_and_the_next_one_reads_on()
    {
        await using var node = await StartAsync();
        _files.Append(Line("dead 1"));
        await AlertAsync(node, "dead 1");
        _files.Hang("read");
        _files.Append(Line("dead 2"));
        await _files.KeptAsync(Limit);
        await WriteAsync("good 1");
        var clock = Stopwatch.StartNew();
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        TestContext.Current.TestOutputHelper!.WriteLine($"stopped after {clock.Elapsed.TotalSeconds:0.00} s");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"the node took {clock.Elapsed.TotalSeconds} s to stop");
        Assert.Single(node.Alerts(), alert => alert.GetRawText().Contains("needle good 1;", StringComparison.Ordinal));
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
        Assert.Equal(0, node.Host.Logs!.Pool.Outstanding);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("lookup")]
    [InlineData("open")]
    public async Task A_node_starts_and_watches_though_a_log_does_not_answer_from_before_its_start(string kind)
    {
        var rules = Write(Match + Needle);
        var journal = Path.Combine(_logs, "journalctl");
        await File.WriteAllTextAsync(journal, $$"""
            #!/bin/sh
            echo '{"__CURSOR":"c1","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"{{Line("journal")}}"}'
            exec sleep 1000
            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(journal, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Good, "", TestContext.Current.CancellationToken);
        _files.HangNow(kind);
        _files.Append(Line("dead 0"));
        try
        {
            // On another thread, which a look at the log would hold for ever.
            var clock = Stopwatch.StartNew();
            await using var node = await Task.Run(() => LiveNode.StartAsync(rules, null, "sensors.logs.journal=auto", $"sensors.logs.journalctl={journal}", "sensors.logs.look-interval=100ms",
                "sensors.logs.first-read=beginning", $"sensors.logs.files=[{{path=\"{Good}\",service=cron}},{{path=\"{_files.Log}\",service=auth}}]"),
                TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
            TestContext.Current.TestOutputHelper!.WriteLine($"ready after {clock.Elapsed.TotalSeconds:0.00} s");
            await node.AlertAsync(MatchId, node.Run("match", "beside the dead log"));
            var left = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.log-left-out", "the notice that the log is left out"));
            Assert.Equal(_files.Folder, left.GetProperty("log").GetString());
            var said = await Task.Run(node.Host.Logs!.Describe, TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
            Assert.Equal($"logs: 1 files of 2 paths, {_files.Folder} left out as it does not answer, the journal by {journal}", said);
            await WriteAsync("good 1");
            await AlertAsync(node, "good 1");

            // A log of the system's logger that does not answer is no reason not to read the journal.
            await AlertAsync(node, "journal");

            _files.Append(Line("dead 1"));
            _files.Go();
            await node.AlertAsync(alert => RuleOf(alert) == "picket.log-answers", "the notice that the log answers");
            await AlertAsync(node, "dead 0");
            await AlertAsync(node, "dead 1");
            Assert.True(await node.StopAsync(), "not all that was under way arrived");
            Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
            Assert.Equal(0, node.Host.Logs.Pool.Outstanding);
        }
        finally
        {
            _files.Go();
            Directory.Delete(rules, true);
        }
    }

    private Task<LiveNode> StartAsync()
    {
        File.WriteAllText(Good, "");
        return LiveNode.StartAsync(_rules, null, "sensors.ebpf.enabled=false", "sensors.logs.journal=off", "self.ledger-interval=100ms", "sensors.logs.look-interval=100ms",
            $"sensors.logs.files=[{{path=\"{Good}\",service=auth}},{{path=\"{_files.Log}\",service=auth}}]");
    }

    private string Good => Path.Combine(_logs, "good.log");

    private static string Line(string text) => string.Create(CultureInfo.InvariantCulture, $"Mar  3 15:30:25 web1 sshd[812]: needle {text};");

    private Task WriteAsync(string text) => File.AppendAllTextAsync(Good, Line(text) + "\n");

    private static Task<JsonElement> AlertAsync(LiveNode node, string text) =>
        node.AlertAsync(alert => RuleOf(alert) == NeedleId && alert.GetRawText().Contains($"needle {text};", StringComparison.Ordinal), $"the alert on {text}");
}
