using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>Somebody changes the files of a running node: it is said within five seconds what was done and by whom.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class OwnFilesSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Fact]
    public async Task Each_kind_of_own_file_that_a_shell_changes_is_said_with_the_shell_and_what_it_did()
    {
        var program = OwnProgram();
        var config = Path.Combine(_probe.Folder, "own.conf");
        File.Copy(Cli.Cli.Config, config);
        await using var node = new RunningNode { Program = Path.Combine(program, "picket"), Config = config };
        await node.StartAsync("--rules", _rules);
        var data = Path.Combine(node.Folder, "state");
        var slowest = TimeSpan.Zero;
        foreach (var (line, path, area, acts, level) in new (string, string, string, string, string)[]
        {
            ($"echo '# more' >> {config}", config, "configuration", "written", "high"),
            ($"cp {_rules}/rules.yml {_rules}/.new; exec mv {_rules}/.new {_rules}/rules.yml", $"{_rules}/rules.yml", "rules", "renamed-here", "medium"),
            ($"exec chmod u+s {program}/picket.dll", $"{program}/picket.dll", "program", "attributes", "high"),
            ($"exec rm {data}/processes/{Path.GetFileName(Directory.GetFiles(Path.Combine(data, "processes")).Order().First())}", "", "data", "deleted", "high"),
            ($"exec rm {Directory.GetFiles(node.Pins, "uring-*").Order().First()}", "", "pins", "deleted", "high"),
            ($": > {node.AlertsFile}", node.AlertsFile, "alerts", "written", "medium"),
        })
        {
            var clock = Stopwatch.StartNew();
            var (pid, code) = _probe.Shell(line);
            Assert.Equal(0, code);
            var alert = await AlertAsync(node, alert => Is(alert, pid, area) && (path.Length == 0 || NoticeOf(alert).GetProperty("path").GetString() == path), line);
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
            var notice = NoticeOf(alert);
            Assert.Equal(("watch", "root"), (notice.GetProperty("noticed-by").GetString(), notice.GetProperty("by-user").GetString()));
            Assert.Contains(acts, notice.GetProperty("acts").GetString()!.Split(' '));
            Assert.Contains(line.Contains("exec", StringComparison.Ordinal) ? line.Split("exec ")[1].Split(' ')[0] : "bash", notice.GetProperty("by-name").GetString());
            Assert.NotEqual("", notice.GetProperty("by-command").GetString());
            Assert.Equal(level, alert.GetProperty("picket").GetProperty("level").GetString());
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"the slowest was said after {slowest.TotalMilliseconds:0} ms");
        await node.EndAsync(RunningNode.SigInt);
    }

    [Fact]
    public async Task What_the_node_itself_writes_under_load_is_not_said_and_is_read_in_few_events()
    {
        await using var node = await LiveNode.StartAsync(_rules, null, "self.heartbeat-interval=50ms");
        using (var load = new Load(node.Folder, 3_000))
        {
            await node.AlertAsync(alert => NumberOf(alert) >= 1000, "the alert of the thousandth process");
            load.Stop();
        }

        var watch = node.Host.Files!.Watch;
        var own = watch.Own;
        await node.AlertAsync(MatchId, node.Run("match", "after"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{own} events for {node.Alerts().Count} alerts of the node's own");
        Assert.InRange(own, 1, node.Alerts().Count);
        var looks = node.Host.Files.Looks;
        await UntilAsync(() => node.Host.Files.Looks > looks + 3, "looks enough for whatever was seen to be said");
        Assert.Equal([], node.Alerts().Where(alert => RuleOf(alert) == "picket.files-touched").Select(alert => alert.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_file_of_the_nodes_that_a_process_forked_by_it_lets_go_of_last_is_no_change()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        var watch = node.Host.Files!.Watch;
        var kept = Path.Combine(node.Folder, "state", "node", "kept");
        await UntilAsync(() => node.Host.Files.Looks > 0, "the first look");

        // As if the shell had it from the fork: it lets go of a file that is open for writing, and wrote nothing.
        using (File.OpenHandle(kept, FileMode.Create, FileAccess.ReadWrite)) Assert.Equal(0, _probe.Shell($"exec 5<> {kept}").Code);
        await UntilAsync(() => watch.Others > 0, "the shell's close to be seen");
        var looks = node.Host.Files.Looks;
        await UntilAsync(() => node.Host.Files.Looks > looks + 3, "looks enough for it to be said");
        Assert.DoesNotContain(node.Alerts(), alert => RuleOf(alert) == "picket.files-touched");
    }

    [Fact]
    public async Task Files_that_forked_processes_let_go_of_leave_room_to_say_what_is_a_change()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        var watch = node.Host.Files!.Watch;
        var kept = Path.Combine(node.Folder, "state", "node", "kept");
        await UntilAsync(() => node.Host.Files.Looks > 0, "the first look");
        for (var i = 0; i < 12; i++) File.Create($"{kept}{i}").Dispose();
        using var forked = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"for i in {{0..11}}; do : <> {kept}$i; done; read line"]) { RedirectStandardInput = true })!;
        await UntilAsync(() => watch.Others >= 12, "all files to be let go of");
        var (pid, _) = _probe.Shell($"exec chmod 600 {kept}0");
        await node.AlertAsync(alert => Is(alert, pid, "data"), "the alert of the change");
        forked.StandardInput.Close();
        await forked.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(node.Alerts(), alert => Is(alert, forked.Id, "data"));
    }

    [Fact]
    public async Task A_storm_of_changes_makes_few_alerts()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        var data = Path.Combine(node.Folder, "state", "node");
        var (pid, _) = _probe.Shell($"for ((i = 0; i < 3000; i++)); do : > {data}/f$i; done");
        await UntilAsync(() => node.Host.Files!.Watch.Others >= 3000, "all of the storm's changes to be read");
        var (last, _) = _probe.Shell($"chmod 700 {_rules}");
        await node.AlertAsync(alert => Is(alert, last, "rules") || RuleOf(alert) == "picket.files-touched" && NoticeOf(alert).GetProperty("area").GetString() == "rules", "the alert of another area");
        Assert.Equal(10, node.Alerts().Count(alert => Is(alert, pid, "data")));
    }

    [Fact]
    public async Task Rotation_of_the_alert_file_is_said_at_a_low_level_and_the_node_writes_on()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        await node.AlertAsync(MatchId, node.Run("match"));
        var (pid, _) = _probe.Shell($"exec mv {node.AlertsFile} {node.AlertsFile}.1");
        await UntilAsync(() => node.Host.Files!.Watch.Others > 0, "the rename to be seen");
        var after = node.Run("match", "after");
        await UntilAsync(() => File.Exists(node.AlertsFile) && Lines(node.AlertsFile).Any(alert => Is(alert, pid, "alerts")), "the alert of the rotation in the new file");
        Assert.All(Lines(node.AlertsFile).Where(alert => Is(alert, pid, "alerts")), alert => Assert.Equal("low", alert.GetProperty("picket").GetProperty("level").GetString()));
        await UntilAsync(() => Lines(node.AlertsFile).Any(alert => LiveNode.IsOf(alert, MatchId, after)), "the alert after the rotation");
    }

    private static List<JsonElement> Lines(string file) =>
        !File.Exists(file) ? [] : [.. File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.EndsWith('}')).Select(line => JsonDocument.Parse(line).RootElement)];

    private static bool Is(JsonElement alert, int pid, string area) => RuleOf(alert) == "picket.files-touched"
        && NoticeOf(alert).GetProperty("by-pid").GetInt32() == pid && NoticeOf(alert).GetProperty("area").GetString() == area;

    private static async Task<JsonElement> AlertAsync(RunningNode node, Func<JsonElement, bool> predicate, string line)
    {
        JsonElement? found = null;
        await UntilAsync(() => (found = Lines(node.AlertsFile).Select(alert => (JsonElement?)alert).FirstOrDefault(alert => predicate(alert!.Value))) is not null, $"the alert on '{line}'");
        return found!.Value;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A copy of the program, whose files this test may change.</summary>
    private string OwnProgram()
    {
        var folder = Path.Combine(_probe.Folder, "program");
        var tests = Path.GetDirectoryName(Cli.Cli.Program);
        Assert.Equal(0, _probe.Shell($"mkdir {folder}; cp {tests}/*.dll {tests}/picket* {folder} 2> /dev/null; cp -r {KernelObjects.Folder} {folder}/bpf").Code);
        return folder;
    }
}
