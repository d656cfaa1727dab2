using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Npgsql;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using Picket.Spec.Durability;
using Picket.Spec.PersistenceSql;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>A process whose parent is gone still shows its ancestry after the node was started again.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class AncestrySpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _rules = Write(Match);

    public void Dispose() => Directory.Delete(_rules, true);

    /// <summary>Without its journal of processes the successor has nothing but the store.</summary>
    [Theory]
    [InlineData(RunningNode.SigInt)]
    [InlineData(RunningNode.SigTerm)]
    [InlineData(RunningNode.SigKill)]
    public async Task A_dead_parent_is_known_from_the_store_however_the_node_ended(int signal)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        await UntilAsync(() => IsInStore(node, orphan.Mark), "the dead parent in the store");
        await node.EndAsync(signal);
        Directory.Delete(Path.Combine(node.Folder, "state", "processes"), true);
        await node.StartAsync("--rules", _rules);
        await ShowsParentAsync(node, orphan);
        await EndAsync(node);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(node.Folder, "state", "store.db")));
    }

    [Theory]
    [InlineData(RunningNode.SigTerm)]
    [InlineData(RunningNode.SigKill)]
    public async Task A_parent_that_died_just_before_the_end_is_known_although_the_store_had_no_time(int signal)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules, "-o", "context.ancestry.interval=1h");
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        await node.EndAsync(signal);
        await node.StartAsync("--rules", _rules);
        await ShowsParentAsync(node, orphan);
        await EndAsync(node);
    }

    [Theory]
    [InlineData(RunningNode.SigTerm)]
    [InlineData(RunningNode.SigKill)]
    public async Task A_parent_that_died_while_no_node_ran_is_known(int signal)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var orphan = new Orphan(node.Folder);
        await node.EndAsync(signal);
        orphan.EndParent();
        await node.StartAsync("--rules", _rules);
        await ShowsParentAsync(node, orphan);

        // And once more: what this run learned of it is in the store.
        await UntilAsync(() => IsInStore(node, orphan.Mark), "the dead parent in the store");
        await EndAsync(node);
        Directory.Delete(Path.Combine(node.Folder, "state", "processes"), true);
        await node.StartAsync("--rules", _rules);
        await ShowsParentAsync(node, orphan);
        await EndAsync(node);
    }

    [Fact]
    public async Task A_damaged_store_is_said_and_left_and_the_node_detects_on_until_there_is_a_sound_one()
    {
        const string Foreign = "this is somebody's letter and no database";
        await using var node = new RunningNode();
        var state = Directory.CreateDirectory(Path.Combine(node.Folder, "state")).FullName;
        var store = Path.Combine(state, "store.db");
        await File.WriteAllTextAsync(store, Foreign, TestContext.Current.CancellationToken);
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var alerts = new List<JsonElement>();
        var said = await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept", "the alert that nothing is kept");
        Assert.Contains(store, NoticeOf(said).GetProperty("reason").GetString(), StringComparison.Ordinal);
        var pid = node.Play("match", "1");
        await AlertAsync(tail, alerts, alert => LiveNode.IsOf(alert, MatchId, pid), "an alert beside the damaged store");
        Assert.Equal(Foreign, await File.ReadAllTextAsync(store, TestContext.Current.CancellationToken));

        File.Delete(store);
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-kept", "the alert that all is kept again");
        await UntilAsync(() => IsInStore(node, orphan.Mark), "the dead parent in the store");
        await EndAsync(node);
        Assert.Single(alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept");
    }

    /// <summary>Everything but the first page, which says what file it is, is noise: it is found at the recovery, or at the first write.</summary>
    [Fact]
    public async Task Corrupt_pages_are_said_and_left_and_the_node_detects()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        await UntilAsync(() => IsInStore(node, orphan.Mark), "the dead parent in the store");
        await EndAsync(node);
        var store = Path.Combine(node.Folder, "state", "store.db");
        var bytes = await File.ReadAllBytesAsync(store, TestContext.Current.CancellationToken);
        new Random(1).NextBytes(bytes.AsSpan(4096));
        await File.WriteAllBytesAsync(store, bytes, TestContext.Current.CancellationToken);
        await DetectsWithoutStoreAsync(node, store);
        Assert.Equal(bytes[4096..], (await File.ReadAllBytesAsync(store, TestContext.Current.CancellationToken))[4096..]);
    }

    [Fact]
    public async Task A_file_that_nobody_may_write_is_said_and_the_node_detects()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        await UntilAsync(() => File.Exists(Path.Combine(node.Folder, "state", "store.db")), "the store");
        await EndAsync(node);
        var store = Path.Combine(node.Folder, "state", "store.db");
        using var pinned = TemporaryDisk.PinReadOnly(store);
        await DetectsWithoutStoreAsync(node, store);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_node_detects()
    {
        await using var node = new RunningNode();
        using var disk = TemporaryDisk.Mount(node.Folder, "size=64k,mode=0700");
        await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "ballast"), new byte[60 * 1024], TestContext.Current.CancellationToken);
        var store = Path.Combine(disk.Folder, "store.db");
        await DetectsWithoutStoreAsync(node, store, "-o", $"store.sqlite.path={store}");
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_and_the_node_detects()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules, "-o", "store.kind=postgresql", "-o", "store.postgresql.connection=Host=127.0.0.1;Port=1;Username=u");
        using var tail = new AlertTail(node.AlertsFile);
        var alerts = new List<JsonElement>();
        var pid = node.Play("match", "1");
        await AlertAsync(tail, alerts, alert => LiveNode.IsOf(alert, MatchId, pid), "an alert without the server");
        var said = await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept", "the alert that nothing is kept");
        Assert.Contains("127.0.0.1:1", NoticeOf(said).GetProperty("reason").GetString(), StringComparison.Ordinal);
        await EndAsync(node);
    }

    [Fact]
    public async Task A_server_keeps_the_dead_parent_and_its_own_end_keeps_no_node_from_detecting()
    {
        using var server = PostgresServer.Start();
        string[] options = ["--rules", _rules, "-o", "store.kind=postgresql", "-o", $"store.postgresql.connection={server.ConnectionString}"];
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var node = new RunningNode();
        await node.StartAsync(options);
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        await UntilAsync(() => IsOnServer(source, orphan.Mark), "the dead parent on the server");
        await node.EndAsync(RunningNode.SigKill);
        Directory.Delete(Path.Combine(node.Folder, "state", "processes"), true);
        await node.StartAsync(options);
        await ShowsParentAsync(node, orphan);

        using var tail = new AlertTail(node.AlertsFile);
        var alerts = new List<JsonElement>();
        server.Stop(atOnce: true);
        using var later = new Orphan(node.Folder);
        later.EndParent();
        await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept", "the alert that nothing is kept");
        var pid = node.Play("match", "1");
        await AlertAsync(tail, alerts, alert => LiveNode.IsOf(alert, MatchId, pid), "an alert without the server");
        server.StartAgain();
        await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-kept", "the alert that all is kept again");
        source.Clear();
        await UntilAsync(() => IsOnServer(source, later.Mark), "the later dead parent on the server");
        await EndAsync(node);
    }

    private async Task DetectsWithoutStoreAsync(RunningNode node, string store, params string[] options)
    {
        await node.StartAsync(["--rules", _rules, .. options]);
        using var tail = new AlertTail(node.AlertsFile);
        using var orphan = new Orphan(node.Folder);
        orphan.EndParent();
        var alerts = new List<JsonElement>();
        var said = await AlertAsync(tail, alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept", "the alert that nothing is kept");
        Assert.Contains(store, NoticeOf(said).GetProperty("reason").GetString(), StringComparison.Ordinal);
        var pid = node.Play("match", "1");
        await AlertAsync(tail, alerts, alert => LiveNode.IsOf(alert, MatchId, pid), "an alert beside the store that fails");
        await EndAsync(node);
        Assert.Single(alerts, alert => RuleOf(alert) == "picket.ancestry-not-kept");
    }

    private static async Task EndAsync(RunningNode node)
    {
        var end = await node.EndAsync(RunningNode.SigInt);
        Assert.True(end.Code == 0 && end.Out.Contains("the ledger balances", StringComparison.Ordinal), end.Out + end.Error);
    }

    private static async Task ShowsParentAsync(RunningNode node, Orphan orphan)
    {
        using var tail = new AlertTail(node.AlertsFile);
        tail.Read();
        var alerts = new List<JsonElement>();
        orphan.Fire();
        var alert = await AlertAsync(tail, alerts, alert => RuleOf(alert) == MatchId, "the alert of the orphan's grandchild");
        var ancestry = alert.GetProperty("picket").GetProperty("ancestry").EnumerateArray().ToList();
        var at = ancestry.FindIndex(above => above.GetProperty("pid").GetInt32() == orphan.Pid);
        Assert.True(at >= 0 && ancestry.Count > at + 2, alert.GetRawText());
        Assert.Equal(orphan.ParentPid, ancestry[at + 1].GetProperty("pid").GetInt32());
        Assert.Contains(orphan.Mark, ancestry[at + 1].GetProperty("command_line").GetString(), StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, ancestry[at + 2].GetProperty("pid").GetInt32());
    }

    private static async Task<JsonElement> AlertAsync(AlertTail tail, List<JsonElement> alerts, Predicate<JsonElement> which, string what)
    {
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Exists(which);
        }, what);
        return alerts.Find(which);
    }

    /// <summary>Whether a text is in the database or its log.</summary>
    private static bool IsInStore(RunningNode node, string text) => ((string[])["store.db", "store.db-wal"]).Any(name =>
    {
        var path = Path.Combine(node.Folder, "state", name);
        if (!File.Exists(path)) return false;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, false)).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    });

    private static bool IsOnServer(NpgsqlDataSource source, string text)
    {
        using var tables = source.CreateCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'picket' AND tablename = 'events'");
        if (tables.ExecuteScalar() is not 1L) return false;
        using var events = source.CreateCommand("SELECT count(*) FROM picket.events WHERE position($1 IN payload) > 0");
        events.Parameters.Add(new NpgsqlParameter { Value = Encoding.UTF8.GetBytes(text) });
        return events.ExecuteScalar() is > 0L;
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

    /// <summary>A shell that a shell has left behind; told so, it starts a shell that starts <c>match</c>.</summary>
    private sealed class Orphan : IDisposable
    {
        private static int _made;

        private readonly string _folder;
        private readonly Process _parent;

        public Orphan(string folder)
        {
            _folder = folder;
            Mark = string.Create(CultureInfo.InvariantCulture, $"forebear-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
            var tool = Path.Combine(folder, "match");
            if (!File.Exists(tool)) Ebpf.Probe.WriteStatic(tool);
            File.WriteAllText(At("child.sh"), $"while read -r go < {At("fire")}; do ( {tool} 7; true ); done");
            File.WriteAllText(At("parent.sh"), $"/bin/sh {At("child.sh")} & echo $! > {At("pid.new")}; mv {At("pid.new")} {At("pid")}; read -r go < {At("leave")}");
            foreach (var pipe in (string[])["fire", "leave"]) Process.Start("mkfifo", At(pipe)).WaitForExit();
            _parent = Process.Start("/bin/sh", [At("parent.sh"), Mark]);
            Assert.True(SpinWait.SpinUntil(() => File.Exists(At("pid")), Limit), "the child's pid");
            Pid = int.Parse(File.ReadAllText(At("pid")), CultureInfo.InvariantCulture);
        }

        /// <summary>An argument of the parent.</summary>
        public string Mark { get; }

        public int Pid { get; }

        public int ParentPid => _parent.Id;

        public void EndParent()
        {
            File.WriteAllText(At("leave"), "\n");
            Assert.True(_parent.WaitForExit(Limit), "the parent's end");
        }

        public void Fire() => File.WriteAllText(At("fire"), "\n");

        public void Dispose()
        {
            using (_parent)
            {
                if (!_parent.HasExited) _parent.Kill();
            }

            using var child = Process.GetProcesses().FirstOrDefault(process => process.Id == Pid);
            child?.Kill();
        }

        private string At(string name) => Path.Combine(_folder, $"{Mark}-{name}");
    }
}
