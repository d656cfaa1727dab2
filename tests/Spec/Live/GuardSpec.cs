using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>What a node that is stopped, frozen or killed cannot say is said by its guard, within 5 s.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class GuardSpec : IDisposable
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();
    private readonly List<JsonElement> _alerts = [];
    private int _earlier;

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Fact]
    public async Task A_stopped_node_is_told_of_while_it_stands_and_goes_on_afterwards()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        for (var episode = 1; episode <= 2; episode++)
        {
            Forget(tail);
            var before = node.Play("match", "before");
            await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, before), "an alert of a node that runs", Limit);
            var stopped = TimeProvider.System.GetUtcNow();
            node.Signal(RunningNode.SigStop);
            var notice = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-halted", "what the guard says of the stop", Promise));
            Assert.Equal(("guard", "signal", node.Pid), (notice.GetProperty("noticed-by").GetString(), notice.GetProperty("how").GetString(), notice.GetProperty("node-pid").GetInt32()));
            Assert.InRange(notice.GetProperty("from").GetDateTimeOffset(), stopped.AddSeconds(-2), stopped.AddMilliseconds(50));
            var seen = node.Play("match", "while it was stopped");
            node.Signal(RunningNode.SigCont);
            await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, seen), "what happened while it was stopped", Limit);
            var own = await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-stopped", "what the node says of the stop", Limit);
            Assert.Contains("as the node noticed", own.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await EndAsync(node, tail);
        Assert.Equal(["picket.node-halted", "picket.node-halted"], ByGuard());
    }

    [Fact]
    public async Task A_node_whose_threads_are_traced_is_told_of_with_the_tracer_and_goes_on_afterwards()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        int tracer, seen;
        using (var holder = Holder.Take("all", node.Pid, _probe.Folder))
        {
            tracer = holder.Pid;
            var alert = await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-halted", "what the guard says of the tracer", Promise);
            var notice = NoticeOf(alert);
            Assert.Equal(("guard", "traced", $"{tracer} (holds)"), (notice.GetProperty("noticed-by").GetString(), notice.GetProperty("how").GetString(), notice.GetProperty("tracer").GetString()));
            Assert.Contains($"is held by process {tracer} (holds), which traces it, as its guard noticed", alert.GetProperty("message").GetString(), StringComparison.Ordinal);
            seen = node.Play("match", "while it was held");
        }

        await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, seen), "what happened while it was held", Limit);
        await AlertAsync(tail, alert => RuleOf(alert) == "picket.sensor-touched" && IsBy(alert, tracer) && DetailOf(alert) == "PTRACE_ATTACH", "what the node says of the tracer", Limit);
        await EndAsync(node, tail);
        Assert.Equal(["picket.node-halted"], ByGuard());
    }

    [Fact]
    public async Task A_node_that_is_not_stopped_and_whose_actors_do_not_run_is_told_of()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        int seen;
        using (Holder.Take("others", node.Pid, _probe.Folder))
        {
            var alert = await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-silent", "what the guard says of the hung node", Promise);
            Assert.Equal(("guard", "silent", "S"), (NoticeOf(alert).GetProperty("noticed-by").GetString(), NoticeOf(alert).GetProperty("how").GetString(), NoticeOf(alert).GetProperty("state").GetString()));
            seen = node.Play("match", "while it hung");
        }

        await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, seen), "what happened while it hung", Limit);
        await EndAsync(node, tail);
        Assert.Equal(["picket.node-silent"], ByGuard());
    }

    [Fact]
    public async Task A_file_of_alerts_that_the_guard_made_is_the_node_s_own_and_nobody_s_doing()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        Assert.False(File.Exists(node.AlertsFile));
        node.Signal(RunningNode.SigStop);
        using var tail = new AlertTail(node.AlertsFile);
        await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-halted", "what the guard says of the stop", Promise);
        node.Signal(RunningNode.SigCont);

        // The watch over files looks each second: the second change is told behind the guard's, had it been told.
        await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-stopped", "what the node says of the stop", Limit);
        File.SetUnixFileMode(node.AlertsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await AlertAsync(tail, alert => RuleOf(alert) == "picket.files-touched", "what this test did to the file", Limit);
        await EndAsync(node, tail);
        Assert.DoesNotContain(_alerts, alert => RuleOf(alert) == "picket.actor-failed" || RuleOf(alert).StartsWith("picket.sink-", StringComparison.Ordinal));
        var touch = Assert.Single(_alerts, alert => RuleOf(alert) == "picket.files-touched");
        Assert.Equal(Environment.ProcessId, NoticeOf(touch).GetProperty("by-pid").GetInt32());
    }

    [Fact]
    public async Task A_killed_node_is_told_of_before_any_successor_and_the_successor_starts_at_once()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var guard = GuardOf(node.Pid);
        Assert.DoesNotContain(Descriptors(guard), held => held.StartsWith(node.Folder, StringComparison.Ordinal) || held.Contains("bpf", StringComparison.Ordinal));

        // It is told to no avail to end: a service manager's SIGTERM goes to both, and the node has to drain first.
        foreach (var signal in (int[])[RunningNode.SigTerm, RunningNode.SigInt, RunningNode.SigHup]) RunningNode.Signal(guard, signal);
        node.Signal(RunningNode.SigKill);
        var notice = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-ended", "what the guard says of the end", Promise));
        Assert.Equal((guard, node.Pid, "guard"), (notice.GetProperty("guard-pid").GetInt32(), notice.GetProperty("node-pid").GetInt32(), notice.GetProperty("noticed-by").GetString()));
        if (Environment.OSVersion.Version >= new Version(6, 15)) Assert.Equal("killed by signal 9 (SIGKILL)", notice.GetProperty("ending").GetString());
        await node.EndAsync();
        await GoneAsync(guard);

        await node.StartAsync("--rules", _rules);
        var seen = node.Play("match", "after");
        await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, seen), "an alert of the successor", Limit);
        await EndAsync(node, tail);
        Assert.Equal(["picket.node-ended"], ByGuard());
        Assert.Single(_alerts, alert => RuleOf(alert) == "picket.unclean-start");
        Assert.DoesNotContain(_alerts, alert => RuleOf(alert).StartsWith("picket.sink-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_whose_control_group_is_frozen_is_told_of_by_a_guard_that_has_left_the_group()
    {
        using var groups = new FreezableGroups();
        Assert.SkipWhen(groups.All.Count == 0, "this machine has no control groups that a test may make and freeze");
        await using var node = new RunningNode { Surroundings = string.Join('\n', groups.All.Select(group => $"echo $$ > {group.Folder}/cgroup.procs")) };
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        Assert.DoesNotContain(groups.Name, await File.ReadAllTextAsync($"/proc/{GuardOf(node.Pid)}/cgroup", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(groups.Name, await File.ReadAllTextAsync($"/proc/{node.Pid}/cgroup", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var group in groups.All)
        {
            Forget(tail);
            group.Freeze();
            var frozen = Stopwatch.StartNew();
            var notice = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-silent", "what the guard says of the frozen group", Promise));
            Assert.Equal(("guard", "frozen", "/" + groups.Name), (notice.GetProperty("noticed-by").GetString(), notice.GetProperty("how").GetString(), notice.GetProperty("control-group").GetString()));
            var seen = node.Play("match", "while it was frozen");

            // The node's own clock takes what is shorter for a busy host.
            await UntilAsync(() => frozen.Elapsed > Promise, "a standstill of 5 s");
            group.Thaw();
            await AlertAsync(tail, alert => LiveNode.IsOf(alert, MatchId, seen), "what happened while it was frozen", Limit);
            await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-stopped", "what the node says of its standstill", Limit);
        }

        await EndAsync(node, tail);
        Assert.Equal(groups.All.Select(_ => "picket.node-silent"), ByGuard());
    }

    [Fact]
    public async Task A_node_that_ends_in_order_takes_its_guard_with_it_and_nothing_is_said()
    {
        await using var node = new RunningNode();
        foreach (var signal in (int[])[RunningNode.SigInt, RunningNode.SigTerm])
        {
            await node.StartAsync("--rules", _rules);
            using var tail = new AlertTail(node.AlertsFile);
            var guard = GuardOf(node.Pid);
            await node.EndAsync(signal);
            Assert.False(Directory.Exists($"/proc/{guard}"), "the guard outlived the node");
            _alerts.AddRange(tail.Read());
            Assert.Empty(ByGuard());
            Assert.DoesNotContain(_alerts, alert => RuleOf(alert) == "picket.guard-ended");
        }
    }

    [Fact]
    public async Task A_guard_that_is_killed_or_stopped_is_told_of_by_the_node_and_followed_by_another()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var first = GuardOf(node.Pid);
        RunningNode.Signal(first, RunningNode.SigKill);
        var ended = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.guard-ended", "what the node says of its guard's end", Promise));
        Assert.Equal((first, "node", "was killed by signal 9 (SIGKILL)"), (ended.GetProperty("guard-pid").GetInt32(), ended.GetProperty("noticed-by").GetString(), ended.GetProperty("how").GetString()));

        var second = await NextAsync(node, first);
        Forget(tail);
        RunningNode.Signal(second, RunningNode.SigStop);
        ended = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.guard-ended", "what the node says of its guard's halt", Limit));
        Assert.Equal(second, ended.GetProperty("guard-pid").GetInt32());
        Assert.Contains("it read no heartbeat for 6 s", ended.GetProperty("how").GetString(), StringComparison.Ordinal);

        var third = await NextAsync(node, second);
        Assert.DoesNotContain(_alerts, alert => RuleOf(alert) == "picket.sensor-touched" && IsBy(alert, node.Pid));
        node.Signal(RunningNode.SigKill);
        var notice = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.node-ended", "what the third guard says of the node's end", Promise));
        Assert.Equal(third, notice.GetProperty("guard-pid").GetInt32());
        await node.EndAsync();
    }

    [Fact]
    public async Task Without_a_file_that_can_be_written_it_speaks_on_standard_error_and_on_the_console_where_the_node_does()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules, "-o", "alerts.console.enabled=true");
        var guard = GuardOf(node.Pid);
        var folder = Path.GetDirectoryName(node.AlertsFile)!;
        Directory.Move(folder, folder + ".away");
        var end = await node.EndAsync(RunningNode.SigKill);
        await GoneAsync(guard);
        Assert.Contains("high          the node's process", end.Out.Replace("The node ended without an orderly stop: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("cannot be written to (error 2)", end.Error, StringComparison.Ordinal);
    }

    private async Task EndAsync(RunningNode node, AlertTail tail)
    {
        await node.EndAsync(RunningNode.SigInt);
        _alerts.AddRange(tail.Read());
    }

    /// <summary>The rules of what the guard said, in its order.</summary>
    private List<string> ByGuard() =>
    [
        .. _alerts.Where(alert => RuleOf(alert).StartsWith("picket.", StringComparison.Ordinal)
            && NoticeOf(alert).TryGetProperty("noticed-by", out var by) && by.GetString() == "guard").Select(RuleOf),
    ];

    /// <summary>What is there already is of an earlier episode.</summary>
    private void Forget(AlertTail tail)
    {
        _alerts.AddRange(tail.Read());
        _earlier = _alerts.Count;
    }

    /// <summary>Waits for the first alert of this episode that fulfils the predicate, and writes down how long it took.</summary>
    private async Task<JsonElement> AlertAsync(AlertTail tail, Func<JsonElement, bool> predicate, string what, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var looked = _earlier;
        while (true)
        {
            _alerts.AddRange(tail.Read());
            for (; looked < _alerts.Count; looked++)
            {
                if (!predicate(_alerts[looked])) continue;
                TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: after {clock.Elapsed.TotalMilliseconds:0} ms"));
                return _alerts[looked];
            }

            Assert.True(clock.Elapsed < limit, $"waited {limit.TotalSeconds} s for {what}; there are: {string.Join(' ', _alerts.Select(RuleOf))}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    internal static bool IsBy(JsonElement touched, int pid) => NoticeOf(touched).GetProperty("by_pid").GetInt32() == pid;

    internal static string? DetailOf(JsonElement touched) => NoticeOf(touched).GetProperty("detail").GetString();

    internal static int GuardOf(int node) => GuardsOf(node).Single();

    internal static async Task<int> NextAsync(RunningNode node, int last)
    {
        var next = 0;
        await UntilAsync(() => (next = GuardsOf(node.Pid).FirstOrDefault(pid => pid != last)) != 0, "the next guard");
        return next;
    }

    private static Task GoneAsync(int guard) => UntilAsync(() => !Directory.Exists($"/proc/{guard}"), "the guard's end");

    /// <summary>The node's children that are guards; one that has been forked and not executed yet is none.</summary>
    private static IEnumerable<int> GuardsOf(int node) =>
        Directory.GetDirectories($"/proc/{node}/task")
            .SelectMany(thread => Read(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).Where(pid => Read($"/proc/{pid}/cmdline").EndsWith("\0guard\0", StringComparison.Ordinal));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static List<string> Descriptors(int pid) =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")];

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
