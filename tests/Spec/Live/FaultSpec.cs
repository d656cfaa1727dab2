using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Actors;
using Picket.Node.Tree;
using Picket.Sensors.Ebpf.Records;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>Parts of a whole node fail under load: each comes back, and what was missed is counted and said.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class FaultSpec : IDisposable
{
    private const string FastLedger = "self.ledger-interval=100ms";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _rules = Write(Match);

    public void Dispose() => Directory.Delete(_rules, true);

    [Fact]
    public async Task Every_actor_of_the_tree_is_killed_once_under_load_and_comes_back()
    {
        File.AppendAllText(Path.Combine(_rules, "rules.yml"), Never);
        await using var node = await LiveNode.StartAsync(_rules, null, FastLedger, "node.guard=true");
        using var load = new Load(node.Folder, 50_000);
        var killed = new List<string>();
        foreach (var path in Victims(node))
        {
            var before = Incarnation(node, path);
            node.Host.System.ActorSelection(path).Tell(Kill.Instance, ActorRefs.NoSender);
            await UntilAsync(() => Incarnation(node, path) is { } now && now != before, $"a new incarnation of {path}, which was {before}");
            await node.AlertAsync(MatchId, node.Run("match", path));
            killed.Add(path);
        }

        Assert.Contains("/user/node/ancestry/writer", killed);
        Assert.Contains("/user/node/guard", killed);
        Assert.Contains("/user/node/detection/correlation", killed);
        Assert.True(killed.Count >= 13, $"only these were killed: {string.Join(' ', killed)}");
        await EndAsync(node, load);
        Assert.DoesNotContain(node.Alerts(), alert => RuleOf(alert) is "picket.guard-ended" or "picket.guard-missing" or "picket.node-ended");
    }

    [Fact]
    public async Task A_reader_thread_that_dies_is_followed_by_another_and_nothing_is_lost()
    {
        var clock = new FailingClock();
        await using var node = await LiveNode.StartAsync(clock, _rules, null, FastLedger);
        using var load = new Load(node.Folder, 50_000);
        var threads = new HashSet<Thread>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(threads.Add(await clock.FailOnce().WaitAsync(Limit, TestContext.Current.CancellationToken)), "a thread that had died died again");
            await node.AlertAsync(MatchId, node.Run("match", "after"));
        }

        await EndAsync(node, load);
        var reasons = node.Alerts().Where(alert => RuleOf(alert) == "picket.sensor-gap").Select(alert => NoticeOf(alert).GetProperty("reason").GetString()!).ToList();
        Assert.Equal(3, reasons.Count(reason => reason.Contains("the test's clock failed", StringComparison.Ordinal)));

        // A machine that gives the tests no processor for seconds makes the reader stand still as well; nothing else may.
        Assert.All(reasons, reason => Assert.Matches("the test's clock failed|stood still", reason));
    }

    [Fact]
    public async Task A_reader_thread_that_hangs_is_followed_by_another_that_reads_on_and_it_never_comes_back()
    {
        var clock = new FailingClock();
        using var release = new ManualResetEvent(false);
        await using var node = await LiveNode.StartAsync(clock, _rules, null, FastLedger);
        using var load = new Load(node.Folder, 3_000);
        var hung = await clock.HoldUntil(release).WaitAsync(Limit, TestContext.Current.CancellationToken);
        var from = TimeProvider.System.GetUtcNow();
        await node.AlertAsync(MatchId, node.Run("match", "while it hung"));
        var to = TimeProvider.System.GetUtcNow();
        var gap = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.sensor-gap", "the notice of the gap"));
        Assert.Contains("stood still", gap.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.InRange((gap.GetProperty("from").GetDateTimeOffset() - from).TotalMilliseconds, -50, 50);
        Assert.InRange((gap.GetProperty("to").GetDateTimeOffset() - to).TotalMilliseconds, -250, 50);
        release.Set();
        Assert.True(hung.Join(Limit), "the thread that hung went on");
        await node.AlertAsync(MatchId, node.Run("match", "after"));
        await EndAsync(node, load);
        Assert.Single(node.Alerts(), alert => RuleOf(alert) == "picket.sensor-gap");
    }

    [Fact]
    public async Task An_event_on_which_a_rule_throws_is_quarantined_and_the_rest_of_its_slice_is_matched()
    {
        var rules = Write(Match + Hostile);
        try
        {
            await using var node = await LiveNode.StartAsync(rules, null, "detection.sigma.regex-timeout=1ms", "detection.sigma.quarantine.failures=2", "detection.shards=1");
            var hostile = new string('a', 20_000);
            int[] pids = [node.Run("match", "plain"), node.Run("match", hostile), node.Run("match", "plain")];
            foreach (var pid in pids) await node.AlertAsync(MatchId, pid);
            var details = NoticeOf(await node.AlertAsync(alert => RuleOf(alert) == "picket.quarantine", "the quarantine's notice"));
            Assert.Equal(HostileId, details.GetProperty("rule-id").GetString());
            Assert.StartsWith($"{pids[1]}-", details.GetProperty("process").GetString());
            Assert.Contains("aaaa", details.GetProperty("event-CommandLine").GetString());

            node.Run("match", hostile);
            await node.AlertAsync(alert => RuleOf(alert) == "picket.rule-disabled", "the notice that the rule is off");
            await node.AlertAsync(MatchId, node.Run("match", hostile));
        }
        finally
        {
            Directory.Delete(rules, true);
        }
    }

    [Fact]
    public async Task A_drop_planted_on_any_line_of_the_ledger_is_named()
    {
        await using var node = await LiveNode.StartAsync(_rules, null, FastLedger);
        var counters = node.Host.Counters;
        await node.AlertAsync(MatchId, node.Run("match"));
        var plants = new List<(string Line, Action Plant)>();
        foreach (var edge in counters.Edges().Where(edge => edge != node.Host.Ebpf!.ListEdge)) plants.Add((edge.Name, () => edge.Give(1)));
        foreach (var stage in counters.Stages()) plants.Add((stage.Name, () => stage.Enter(1)));
        var maps = node.Host.Ebpf!.Maps;
        plants.Add(("kernel->ring", () => CounterPlant.Change(maps, RecordKind.Exec, row => row with { Seen = row.Seen + 1000 })));
        plants.Add(("ring->ebpf", () => CounterPlant.Change(maps, RecordKind.Exit, row => row with { Submitted = row.Submitted + 1000, Seen = row.Seen + 1000 })));
        foreach (var (line, plant) in plants)
        {
            plant();
            await node.AlertAsync(alert => RuleOf(alert) == "picket.ledger-imbalance" && NoticeOf(alert).GetProperty("line").GetString() == line,
                $"the alert that {line} does not balance");
        }

        // Every line of the book had its plant.
        Assert.Empty(counters.Ledger.Last.Keys.Except(plants.Select(plant => plant.Line)).Except([node.Host.Ebpf.ListEdge.Name]));
    }

    [Theory]
    [InlineData("context", "ebpf->context")]
    [InlineData("shards", "context->shard-")]
    [InlineData("alerts", "->alerts")]
    public async Task A_stage_that_swallows_what_it_is_given_is_named(string part, string line)
    {
        var swallow = new Swallow(part == "alerts");
        await using var node = await LiveNode.StartAsync(_rules, parts => Interpose(parts, part, swallow), FastLedger);
        await node.AlertAsync(MatchId, node.Run("match", "before"));
        swallow.Arm();
        node.Run("match", "swallowed");
        var notice = await node.AlertAsync(alert => RuleOf(alert) == "picket.unhandled", "the notice that items went unhandled");
        Assert.Contains(line, NoticeOf(notice).GetProperty("line").GetString());
        await node.AlertAsync(MatchId, node.Run("match", "after"));
    }

    private static NodeParts Interpose(NodeParts parts, string part, Swallow swallow) => part switch
    {
        "context" => parts with
        {
            Context = (shards, monitor) => InterposedActor.Before(context => context.ActorOf(parts.Context(shards, monitor), "behind"), swallow),
        },
        "alerts" => parts with { Alerts = monitor => InterposedActor.Before(context => context.ActorOf(parts.Alerts(monitor), "behind"), swallow) },
        _ => parts with
        {
            Context = (shards, monitor) => InterposedActor.Before(context => context.ActorOf(parts.Context(
                [.. shards.Select((shard, i) => context.ActorOf(InterposedActor.Before(_ => shard, swallow), $"before-{i}"))], monitor), "behind"), new Swallow(false)),
        },
    };

    /// <summary>Every actor below /user, deepest last; of the processes' actors only the test's own.</summary>
    private static List<string> Victims(LiveNode node) =>
    [
        .. node.Host.System.Tree().Select(entry => entry.Path).Where(path => path.Elements is ["user", _, ..]
            && (!path.Name.StartsWith("p-", StringComparison.Ordinal) || path.Name.StartsWith($"p-{Environment.ProcessId}-", StringComparison.Ordinal)))
            .Select(path => "/" + string.Join('/', path.Elements)),
    ];

    private static string? Incarnation(LiveNode node, string path)
    {
        var entry = node.Host.System.Tree().FirstOrDefault(entry => "/" + string.Join('/', entry.Path.Elements) == path);
        return entry?.ActorType is null ? null : $"{entry.Path.Uid}.{entry.Restarts}";
    }

    /// <summary>Ends the load, drains the node, and checks that nothing is missing, nothing is double, and every batch is back.</summary>
    private static async Task EndAsync(LiveNode node, Load load)
    {
        var started = load.Stop();
        Assert.True(await node.StopAsync(), $"not drained: {string.Join(", ", node.Host.Counters.Ledger.Missing)}");
        var counters = node.Host.Counters;
        Assert.Equal(0, node.Host.Ebpf!.Pool.Outstanding);
        Assert.True(counters.Ledger.IsBalanced, string.Join('\n', counters.Ledger.Last.Values));
        Assert.Equal(0, counters.Lost);
        Assert.Equal(0, counters.Dropped + counters.Failed);
        var numbers = node.Alerts().Select(NumberOf).Where(number => number is not null).Select(number => number!.Value).ToList();
        var expected = Enumerable.Range(1, started).Where(number => number % 10 == 0).ToList();
        Assert.Equal(expected, numbers.Order());
    }

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
