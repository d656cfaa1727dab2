using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>What others do to the process that watches over the node is said by the node, with who it was.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class GuardTouchSpec : IDisposable
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();
    private readonly List<JsonElement> _alerts = [];

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Fact]
    public async Task A_signal_to_the_guard_is_said_with_its_sender_and_is_no_stop_of_the_node()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var guard = GuardSpec.GuardOf(node.Pid);
        var stopper = _probe.Shell($"kill -STOP {guard}").Pid;
        var stop = await TouchAsync(tail, stopper, "SIGSTOP");
        var waker = _probe.Shell($"kill -CONT {guard}").Pid;
        var cont = await TouchAsync(tail, waker, "SIGCONT");
        foreach (var (alert, signal) in ((JsonElement, string)[])[(stop, "SIGSTOP"), (cont, "SIGCONT")])
        {
            Assert.Equal(("guard", guard), (NoticeOf(alert).GetProperty("target").GetString(), NoticeOf(alert).GetProperty("guard_pid").GetInt32()));
            Assert.Contains($"sent {signal} to the sensor's guard, process {guard}", alert.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("bash", NoticeOf(alert).GetProperty("by").GetString(), StringComparison.Ordinal);
        }

        // To the node itself, for the difference.
        var other = NoticeOf(await TouchAsync(tail, _probe.Shell($"kill -URG {node.Pid}").Pid, "SIGURG"));
        Assert.Equal("node", other.GetProperty("target").GetString());
        Assert.False(other.TryGetProperty("guard_pid", out _));
        await node.EndAsync(RunningNode.SigInt);
        _alerts.AddRange(tail.Read());
        Assert.DoesNotContain(_alerts, alert => RuleOf(alert) is "picket.node-stopped" or "picket.guard-ended" or "picket.sensor-tampered");
    }

    [Fact]
    public async Task Who_kills_the_guard_is_said_and_the_next_one_is_known_as_well()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var guard = GuardSpec.GuardOf(node.Pid);
        for (var life = 1; life <= 2; life++)
        {
            var killer = _probe.Shell($"kill -KILL {guard}").Pid;
            var touched = NoticeOf(await TouchAsync(tail, killer, "SIGKILL"));
            Assert.Equal(guard, touched.GetProperty("guard_pid").GetInt32());
            await AlertAsync(tail, alert => RuleOf(alert) == "picket.guard-ended" && NoticeOf(alert).GetProperty("guard-pid").GetInt32() == guard, "what the node says of its guard's end");
            guard = await GuardSpec.NextAsync(node, guard);
        }

        await node.EndAsync(RunningNode.SigInt);
    }

    [Fact]
    public async Task Who_kills_both_at_once_is_said_by_the_successor()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        var (first, guard) = (node.Pid, GuardSpec.GuardOf(node.Pid));
        var killer = _probe.Shell($"kill -KILL {first} {guard}").Pid;
        await node.EndAsync();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        foreach (var target in (string[])["node", "guard"])
        {
            var notice = NoticeOf(await AlertAsync(tail, alert => RuleOf(alert) == "picket.sensor-touched" && GuardSpec.IsBy(alert, killer)
                && NoticeOf(alert).GetProperty("target").GetString() == target, $"what the successor says of the {target}"));
            Assert.Equal("SIGKILL", notice.GetProperty("detail").GetString());
            if (target == "guard") Assert.Equal(guard, notice.GetProperty("guard_pid").GetInt32());
        }

        await node.EndAsync(RunningNode.SigInt);
    }

    [Fact]
    public async Task Who_traces_the_guard_or_reaches_for_its_memory_is_said()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var guard = GuardSpec.GuardOf(node.Pid);
        using (var holder = Holder.Take("first", guard, _probe.Folder)) Check(await TouchAsync(tail, holder.Pid, "PTRACE_ATTACH"));
        var (writer, code) = _probe.Run(Path.Combine(_probe.Folder, "holds"), ["write", guard.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(0, code);
        Check(await TouchAsync(tail, writer, "process_vm_writev"));
        (writer, code) = _probe.Shell($"exec 5<> /proc/{guard}/task/{guard}/mem");
        Assert.Equal(0, code);
        Check(await TouchAsync(tail, writer, $"/proc/{guard}/task/{guard}/mem"));
        await node.EndAsync(RunningNode.SigInt);

        void Check(JsonElement alert)
        {
            Assert.Equal(guard, NoticeOf(alert).GetProperty("guard_pid").GetInt32());
            Assert.Contains($"the sensor's guard, process {guard}", alert.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal("high", alert.GetProperty("picket").GetProperty("level").GetString());
        }
    }

    private Task<JsonElement> TouchAsync(AlertTail tail, int by, string detail) => AlertAsync(tail,
        alert => RuleOf(alert) == "picket.sensor-touched" && GuardSpec.IsBy(alert, by) && GuardSpec.DetailOf(alert) == detail, $"the notice of {detail} by process {by}");

    private async Task<JsonElement> AlertAsync(AlertTail tail, Func<JsonElement, bool> predicate, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var looked = 0; ;)
        {
            _alerts.AddRange(tail.Read());
            for (; looked < _alerts.Count; looked++)
            {
                if (!predicate(_alerts[looked])) continue;
                TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: after {clock.Elapsed.TotalMilliseconds:0} ms"));
                return _alerts[looked];
            }

            Assert.True(clock.Elapsed < Promise, $"waited {Promise.TotalSeconds} s for {what}; there are\n{string.Join('\n', _alerts.Select(alert => alert.GetProperty("message")))}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
