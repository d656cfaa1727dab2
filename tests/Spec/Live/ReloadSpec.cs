using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Node.Demo;
using Picket.Node.Reloading;
using Picket.Node.Status;
using Picket.Sensors.Ebpf.Records;
using Picket.Spec.Cli;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>Rules that change while a whole node runs, whose events are lines of a log.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class ReloadSpec : IDisposable
{
    private const string FirstId = "7a3c1c52-7d6c-4a0e-9a52-6a6c5a2f4c01";
    private const string SecondId = "7a3c1c52-7d6c-4a0e-9a52-6a6c5a2f4c02";
    private const string PairId = "7a3c1c52-7d6c-4a0e-9a52-6a6c5a2f4c03";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _rules = TestFolder.Make("reloadrules");
    private readonly string _logs = TestFolder.Make("reloadlogs");

    private string Log => Path.Combine(_logs, "auth.log");

    private string[] Options => ["sensors.ebpf.enabled=false", "sensors.logs.journal=off", "self.ledger-interval=50ms", "detection.shards=3",
        $"sensors.logs.files=[{{path=\"{Log}\",service=auth}}]"];

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        Directory.Delete(_logs, true);
    }

    [Fact]
    public async Task Files_that_change_take_effect_and_one_with_an_error_stays_as_it_was()
    {
        Put("a.yml", Needle(FirstId, "needle"));
        await using var node = await StartAsync("detection.sigma.reload.settle=20ms", "detection.sigma.reload.poll=0s");
        await AlertAsync(node, FirstId, "needle 1");

        Put("b.yml", Needle(SecondId, "thread"));
        await UntilAsync(() => node.Host.Rules.Now.Generation == 1, "the new file");
        await AlertAsync(node, SecondId, "thread 2");

        // The version before the error, not the one after it, and the other files as they are.
        Put("a.yml", Needle(FirstId, "button") + "level: wrong\n");
        await UntilAsync(() => node.Host.Rules.Now.Kept.Count == 1, "the file that stays");
        await AlertAsync(node, FirstId, "needle 3");
        Assert.Equal(1, node.Host.Rules.Now.Generation);
        Assert.Contains(node.Log, line => line.StartsWith($"{PathOf("a.yml")}(7,", StringComparison.Ordinal) && line.Contains("error", StringComparison.Ordinal));
        var notice = await node.AlertAsync(alert => RuleOf(alert) == "picket.rules-kept", "the word on the file");
        Assert.Contains("stays in force as it was loaded before", notice.GetProperty("message").GetString());
        using (var status = await StatusClient.AskAsync(Path.Combine(node.Folder, "state", "node"), TestContext.Current.CancellationToken))
        {
            var rules = status.RootElement.GetProperty("rules");
            Assert.Equal((2, 1), (rules.GetProperty("loaded").GetInt32(), rules.GetProperty("reloads").GetInt32()));
            Assert.Equal(7, rules.GetProperty("kept")[0].GetProperty("errors")[0].GetProperty("line").GetInt32());
            Assert.Contains(status.RootElement.GetProperty("problems").EnumerateArray(), said => said.GetString()!.Contains("a.yml(7,", StringComparison.Ordinal));
            Assert.Matches("(?m)^reload   unchanged at .* \\(files changed\\), 1 so far, 1 files kept as they were$", StatusText.Of(status.RootElement));
        }

        File.Delete(PathOf("b.yml"));
        Put("a.yml", Needle(FirstId, "button"));
        await UntilAsync(() => node.Host.Rules.Now is { Generation: > 1, Kept: [], Rules.Rules.Count: 1 }, "both files' change");
        await File.AppendAllTextAsync(Log, Line("thread 4") + Line("needle 5"), TestContext.Current.CancellationToken);
        await AlertAsync(node, FirstId, "button 6");
        Assert.DoesNotContain(node.Alerts(), alert => Text(alert) is var text && (text.EndsWith("thread 4", StringComparison.Ordinal) || text.EndsWith("needle 5", StringComparison.Ordinal)));
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
    }

    [Fact]
    public async Task A_look_finds_what_no_word_came_of_and_a_folder_that_goes_changes_nothing()
    {
        var real = Directory.CreateDirectory(Path.Combine(_logs, "real")).FullName;
        Directory.CreateSymbolicLink(PathOf("linked"), real);
        Put("linked/a.yml", Needle(FirstId, "needle"));
        await using var node = await StartAsync("detection.sigma.reload.settle=20ms", "detection.sigma.reload.poll=50ms");

        await File.WriteAllTextAsync(Path.Combine(real, "a.yml"), Needle(SecondId, "needle"), TestContext.Current.CancellationToken);
        await AlertAsync(node, SecondId, "needle 1", again: true);

        Directory.Move(_rules, _rules + ".away");
        node.Host.ReloadRules("a test");
        await UntilAsync(() => node.Host.Rules.Now.Failures > 0, "the reload that fails");
        await AlertAsync(node, SecondId, "needle 2");
        Directory.Move(_rules + ".away", _rules);
        Assert.Contains(node.Log, line => line == $"The rules could not be reloaded and stay as they are (a test): {_rules}: no such file or folder");
    }

    [Fact]
    public async Task Every_event_is_decided_by_exactly_one_set_while_sets_take_each_others_place_under_load()
    {
        Put("a.yml", Needle(FirstId, "needle"));
        await using var node = await StartAsync("detection.sigma.reload.watch=off");
        var (written, stop) = (0, false);
        var writing = Task.Run(async () =>
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            await using var writer = new StreamWriter(Log, append: true) { AutoFlush = true };
            while (!Volatile.Read(ref stop))
            {
                for (var i = 0; i < 10; i++) await writer.WriteAsync(Line(string.Create(CultureInfo.InvariantCulture, $"needle {++written}")));
                await pause.WaitForNextTickAsync();
            }
        }, TestContext.Current.CancellationToken);
        for (var turn = 1; turn <= 30; turn++)
        {
            Put("a.yml", Needle(turn % 2 == 0 ? FirstId : SecondId, "needle"));
            node.Host.ReloadRules("a test");
            await UntilAsync(() => node.Host.Rules.Now.Generation == turn, $"set {turn}");
        }

        Volatile.Write(ref stop, true);
        await writing;
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        var alerts = node.Alerts().Where(alert => RuleOf(alert) is FirstId or SecondId).ToList();
        var numbers = alerts.Select(alert => int.Parse(Text(alert).Split(' ')[^1], CultureInfo.InvariantCulture)).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{written} lines, {alerts.Count(alert => RuleOf(alert) == FirstId)} of them by the first set's kind");
        Assert.Equal(Enumerable.Range(1, written), numbers.Order());
        Assert.Equal(2, alerts.Select(RuleOf).Distinct().Count());
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
    }

    [Fact]
    public async Task A_window_goes_on_when_other_rules_change_and_begins_anew_when_its_own_do()
    {
        Put("a.yml", Needle(FirstId, "needle"));
        Put("pair.yml", Pair("1h"));
        await using var node = await StartAsync("detection.sigma.reload.watch=off");
        await File.AppendAllTextAsync(Log, Line("needle 1"), TestContext.Current.CancellationToken);
        await UntilAsync(() => node.Host.Counters.Correlation.Engine.Counts.Taken == 1, "the first match");

        Put("b.yml", Needle(SecondId, "thread"));
        await ReloadAsync(node, 1);
        await File.AppendAllTextAsync(Log, Line("needle 2"), TestContext.Current.CancellationToken);
        var alert = await node.AlertAsync(alert => RuleOf(alert) == PairId, "the pair");
        Assert.Equal(2, alert.GetProperty("picket").GetProperty("events").GetArrayLength());

        Put("pair.yml", Pair("2h"));
        await ReloadAsync(node, 2);
        await File.AppendAllTextAsync(Log, Line("needle 3"), TestContext.Current.CancellationToken);
        await UntilAsync(() => node.Host.Counters.Correlation.Engine.Counts.Taken == 3, "the third match");
        Assert.Single(node.Alerts(), said => RuleOf(said) == PairId);
        await File.AppendAllTextAsync(Log, Line("needle 4"), TestContext.Current.CancellationToken);
        await UntilAsync(() => node.Alerts().Count(said => RuleOf(said) == PairId) == 2, "the second pair");
    }

    [Fact]
    public async Task A_node_without_correlations_gets_its_first_and_the_actors_that_swap_may_die()
    {
        Put("a.yml", Needle(FirstId, "needle"));
        await using var node = await StartAsync("detection.sigma.reload.watch=off");
        Put("pair.yml", Pair("1h"));
        foreach (var path in (string[])["rules", "detection", "detection/shard-1", "detection/shard-1/sigma", "detection/correlation"])
        {
            node.Host.ReloadRules("a test");
            node.Host.System.ActorSelection("/user/node/" + path).Tell(Kill.Instance, ActorRefs.NoSender);
        }

        await UntilAsync(() => node.Host.Rules.Now.Generation == 1, "the new set");
        await File.AppendAllTextAsync(Log, Line("needle 1") + Line("needle 2"), TestContext.Current.CancellationToken);
        await node.AlertAsync(alert => RuleOf(alert) == PairId, "the pair");
    }

    [Fact]
    public async Task A_hang_up_and_a_command_read_the_rules_again()
    {
        Put("a.yml", Needle(FirstId, "needle"));
        await using var node = new RunningNode();
        await File.WriteAllTextAsync(Log, "", TestContext.Current.CancellationToken);
        await node.StartAsync(["--rules", _rules, "-o", "detection.sigma.reload.watch=off", .. Options.SelectMany(option => (string[])["-o", option])]);
        string[] which = ["--config", Cli.Cli.Config, "-o", $"node.data-dir={node.Folder}/state"];
        using var tail = new AlertTail(node.AlertsFile);
        var alerts = new List<JsonElement>();

        Put("a.yml", Needle(SecondId, "needle"));
        node.Signal(RunningNode.SigHup);
        await UntilAsync(() => node.Said.Contains("The rules were reloaded (SIGHUP): 1 Sigma rules and 0 correlations are in force; files: 0 new, 1 changed, 0 removed\n", StringComparison.Ordinal), "the word on the reload");
        await File.AppendAllTextAsync(Log, Line("needle 1"), TestContext.Current.CancellationToken);
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Exists(alert => RuleOf(alert) == SecondId);
        }, "the alert by the new rule");

        Put("a.yml", "title: nothing\n");
        Put("b.yml", Needle(FirstId, "thread"));
        var reload = await Cli.Cli.RunAsync(["reload", .. which]);
        Assert.Equal(1, reload.Code);
        Assert.StartsWith("taken: 2 Sigma rules and 0 correlations are in force; files: 1 new, 0 changed, 0 removed; 1 with errors stay as they were", reload.Out, StringComparison.Ordinal);
        Assert.Contains($"picket: {PathOf("a.yml")}(1,1): error missing-key: ", reload.Error);
        Put("a.yml", Needle(SecondId, "needle"));
        var json = await Cli.Cli.RunAsync(["reload", "--json", .. which]);
        json.IsDone();
        using var outcome = JsonDocument.Parse(json.Out);
        Assert.Equal(("unchanged", "picket reload", 2), (outcome.RootElement.GetProperty("result").GetString(), outcome.RootElement.GetProperty("cause").GetString(), outcome.RootElement.GetProperty("loaded").GetInt32()));
        Assert.Equal(0, (await node.EndAsync(RunningNode.SigInt)).Code);
        (await Cli.Cli.RunAsync(["reload", .. which])).IsRefused(3, "no node runs with the data folder");
    }

    [Fact]
    public async Task The_kernels_programs_report_more_before_and_less_after()
    {
        const string FileId = "7a3c1c52-7d6c-4a0e-9a52-6a6c5a2f4c04", CallId = "7a3c1c52-7d6c-4a0e-9a52-6a6c5a2f4c05";
        Put("a.yml", Match);
        await using var node = await LiveNode.StartAsync(_rules, null, "detection.sigma.reload.watch=off", "self.ledger-interval=50ms");
        var state = node.Host.Ebpf!.Maps;
        Assert.False(node.Host.Counters.Context.Interest.Wants(EventKind.FileCreate));
        Assert.Empty(state.AskedCalls);

        Put("b.yml", $$"""
            title: A Test's File
            id: {{FileId}}
            logsource: { product: linux, category: file_event }
            detection: { selection: { TargetFilename|startswith: {{node.Folder}}/made }, condition: selection }
            ---
            title: A Test's System Call
            id: {{CallId}}
            logsource: { product: linux, service: auditd }
            detection: { selection: { type: SYSCALL, SYSCALL: acct }, condition: selection }
            """);
        await ReloadAsync(node, 1);
        Assert.Equal(["acct"], state.AskedCalls);
        Assert.Equal(0, await Python($"open('{node.Folder}/made1', 'w')"));
        await node.AlertAsync(alert => RuleOf(alert) == FileId, "the alert on the file");

        // Switches process accounting off, which it is.
        Assert.Equal(0, await Python("__import__('ctypes').CDLL(None).acct(None)"));
        await node.AlertAsync(alert => RuleOf(alert) == CallId, "the alert on the system call");

        File.Delete(PathOf("b.yml"));
        await ReloadAsync(node, 2);
        Assert.False(node.Host.Counters.Context.Interest.Wants(EventKind.FileCreate));
        Assert.Empty(state.AskedCalls);
        var unasked = state.ReadCounters()[RecordKind.FileCreate].Unasked;
        Assert.Equal(0, await Python($"open('{node.Folder}/made2', 'w')"));
        await UntilAsync(() => state.ReadCounters()[RecordKind.FileCreate].Unasked > unasked, "a file that nobody asks for");
        await node.AlertAsync(MatchId, node.Run("match"));
        Assert.DoesNotContain(node.Alerts(), alert => RuleOf(alert) is "picket.sensor-tampered");
        Assert.True(await node.StopAsync(), "not all that was under way arrived");
        Assert.True(node.Host.Counters.Ledger.IsBalanced, "the ledger does not balance");
    }

    /// <summary>In a process of its own: what the node's does is dropped in the kernel.</summary>
    private static async Task<int> Python(string program)
    {
        using var process = System.Diagnostics.Process.Start("python3", ["-c", program]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static string Needle(string id, string word) =>
        $"title: A {word} of sshd\nid: {id}\nname: n-{word}\nlogsource: {{ product: linux, service: sshd }}\ndetection: {{ keywords: [{word}], condition: keywords }}\nstatus: test\n";

    private static string Pair(string timespan) =>
        $"title: Pair\nid: {PairId}\ncorrelation: {{ type: event_count, rules: [n-needle], timespan: {timespan}, condition: {{ gte: 2 }} }}\n";

    private static string Line(string text) => $"Mar  3 15:30:25 web1 sshd[812]: a {text}\n";

    private static string Text(JsonElement alert) =>
        alert.GetProperty("event").TryGetProperty("original", out var original) ? original.GetString()! : "";

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var started = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task ReloadAsync(LiveNode node, long generation)
    {
        var outcome = await node.Host.System.ActorSelection("/user/node/rules").Ask<ReloadOutcome>(new ReloadRules("a test"), Limit);
        Assert.True(outcome.Result == ReloadResult.Taken && node.Host.Rules.Now.Generation == generation, $"{outcome}");
    }

    /// <summary>Writes the line, again and again where the rule may not be in force yet, and waits for its alert.</summary>
    private async Task AlertAsync(LiveNode node, string rule, string text, bool again = false)
    {
        do await File.AppendAllTextAsync(Log, Line(text), TestContext.Current.CancellationToken);
        while (again && !node.Alerts().Any(alert => RuleOf(alert) == rule) && await PauseAsync());
        await node.AlertAsync(alert => RuleOf(alert) == rule && Text(alert).EndsWith(text, StringComparison.Ordinal), $"{text} by {rule}");
    }

    private static async Task<bool> PauseAsync()
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        return await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private Task<LiveNode> StartAsync(params string[] more)
    {
        if (!File.Exists(Log)) File.WriteAllText(Log, "");
        return LiveNode.StartAsync(_rules, null, [.. Options, .. more]);
    }

    private void Put(string name, string text) => File.WriteAllText(PathOf(name), text);

    private string PathOf(string name) => Path.Combine(_rules, name);
}
