using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Options;
using Picket.Node.Reloading;
using Picket.Node.Status;
using Picket.Sensors;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary><c>picket status</c> against a running node, a killed one, and none.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class StatusSpec
{
    /// <summary>The names and types of the JSON. A name may be added; none may change or go.</summary>
    private const string Shape = """
        actors[].answers:bool actors[].path:string actors[].restarts:number
        alerts.matched:number alerts.sinks[].behind:number alerts.sinks[].failures:number alerts.sinks[].name:string alerts.sinks[].taken:number alerts.stored:number
        correlations.bytes:number correlations.bytes_held:number correlations.duplicates:number correlations.evicted_groups:number correlations.evicted_matches:number correlations.fired:number correlations.groups:number correlations.late:number correlations.rules:number correlations.taken:number correlations.ungrouped:number correlations.valueless:number
        events.batches_out:number events.dropped:number events.failed:number events.lost:number events.malformed:number events.seen:number events.spilled:number
        guard.ended:number guard.pid:number guard.reason:string guard.state:string
        hashes.busy:number hashes.changed:number hashes.gone:number hashes.hits:number hashes.known:number hashes.remote:number hashes.stopped:number hashes.too_large:number hashes.unreadable:number hashes.waiting:number
        healthy:bool
        kernel[].busy:number kernel[].kind:string kernel[].lost:number kernel[].refused:number kernel[].seen:number kernel[].self:number kernel[].submitted:number kernel[].unasked:number
        ledger.balanced:bool ledger.barrier:number ledger.lines[].detail:string ledger.lines[].in:number ledger.lines[].line:string ledger.lines[].out:number
        logs.cut:number logs.lines:number logs.own:number logs.skipped_bytes:number
        node.boot_id:string node.cpu_ms:number node.data_dir:string node.heap.allocated_bytes:number node.heap.collections[]:number node.heap.committed_bytes:number node.heap.fragmented_bytes:number node.heap.pause_ms:number node.heap.used_bytes:number
        node.heartbeats:number node.name:string node.pid:number node.rss_bytes:number node.started:string node.uptime_s:number node.version:string
        problems[]:string
        rules.correlations:number rules.failed:number rules.loaded:number rules.reloads:number rules.reloads_failed:number rules.since:string
        rules.kept[].errors[].code:string rules.kept[].errors[].column:number rules.kept[].errors[].line:number rules.kept[].errors[].message:string rules.kept[].file:string
        rules.last_reload.at:string rules.last_reload.cause:string rules.last_reload.message:string rules.last_reload.result:string
        own_files.changes_others:number own_files.changes_own:number own_files.folders:number own_files.overflows:number own_files.unwatched[].path:string own_files.unwatched[].reason:string
        sensors[].missing[].program:string sensors[].missing[].reason:string sensors[].name:string sensors[].reason:string sensors[].since:string sensors[].state:string
        store.failing:bool store.kind:string
        """;

    [Fact]
    public async Task It_says_how_the_node_is_that_runs_that_was_killed_and_that_is_not_there()
    {
        await using var node = new RunningNode();
        string[] which = ["status", "--config", Cli.Config, "-o", $"node.data-dir={node.Folder}/state"];
        (await Cli.RunAsync(which)).IsRefused(3, $"no node runs with the data folder {node.Folder}/state");

        await node.StartAsync("-o", "self.ledger-interval=50ms");
        node.Play("bash", "-c", "true");
        using var status = await HealthyAsync(which);
        var root = status.RootElement;
        Assert.Equal("0.1.0", root.GetProperty("node").GetProperty("version").GetString());
        Assert.Equal("working", Assert.Single(root.GetProperty("sensors").EnumerateArray(), part => part.GetProperty("name").GetString() == "ebpf/process").GetProperty("state").GetString());
        Assert.All(root.GetProperty("actors").EnumerateArray(), actor => Assert.True(actor.GetProperty("answers").GetBoolean(), actor.GetRawText()));
        Assert.True(root.GetProperty("events").GetProperty("seen").GetInt64() > 0);
        Assert.True(root.GetProperty("ledger").GetProperty("balanced").GetBoolean());
        Assert.True(root.GetProperty("ledger").GetProperty("barrier").GetInt64() > 0);
        Assert.Contains(root.GetProperty("kernel").EnumerateArray(), row => row.GetProperty("kind").GetString() == "exec");
        Assert.Empty(ShapeOf(root).Except(Names(Shape)));

        var text = await Cli.RunAsync(which);
        text.IsDone();
        Assert.StartsWith("node     ", text.Out, StringComparison.Ordinal);
        Assert.Contains("\nhealth   all is well\n", text.Out);
        Assert.Contains($"\nguard    watching, pid {root.GetProperty("guard").GetProperty("pid").GetInt32()}\n", text.Out);
        Assert.Contains("\nsensor   ebpf/process: working\n", text.Out);
        Assert.True(text.Out.Split('\n').Length <= 26, text.Out);

        // Another user is not even let into the folder.
        var other = await Cli.RunFromShellAsync("setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" \"$@\"", which);
        Assert.True(other.Code == 3 && other.Error.Contains("only root and the node's own user may", StringComparison.Ordinal), $"{other.Code}\n{other.Out}\n{other.Error}");

        await node.EndAsync(RunningNode.SigKill);
        (await Cli.RunAsync(which)).IsRefused(3, "no node runs with", "did not end in order");
        await node.StartAsync();
        (await Cli.RunAsync([.. which, "--json"])).IsDone();
        (await node.EndAsync(RunningNode.SigInt)).IsDone();
        (await Cli.RunAsync(which)).IsRefused(3, "no node runs with");
    }

    [Fact]
    public async Task What_does_not_work_is_named_and_who_does_not_answer_is_not_waited_for()
    {
        using var gate = new ManualResetEventSlim();
        await using var node = await LiveNode.StartAsync(null, parts => parts with
        {
            Ancestry = (_, _, _) => Actors.Props.CreateFrom(() => new StuckActor(gate)),
        });
        try
        {
            var data = Path.Combine(node.Folder, "state", "node");
            using var status = await StatusClient.AskAsync(data, TestContext.Current.CancellationToken);
            Assert.Contains("/user/node/ancestry does not answer", status.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
            Assert.All(status.RootElement.GetProperty("actors").EnumerateArray(),
                actor => Assert.Equal(actor.GetProperty("path").GetString() != "/user/node/ancestry", actor.GetProperty("answers").GetBoolean()));
            Assert.True(status.RootElement.GetProperty("node").GetProperty("uptime_s").GetInt64() < 600);
        }
        finally
        {
            gate.Set();
        }

        var source = new StatusSource(NodeOptionsReader.Read(NodeConfig.Load(null, [$"node.data-dir={node.Folder}"]).Config), new RuleBook(Detection.Sigma.SigmaRuleSet.Parse("", "none"), TimeProvider.System),
            node.Host.Counters, node.Host.Ebpf, null, DateTimeOffset.UnixEpoch, TimeProvider.System);
        PartState[] parts =
        [
            new("ebpf/file", PartActivity.Working, null, "", [KeyValuePair.Create("on_rename", "not supported")]),
            new("ebpf/network", PartActivity.Waiting, DateTimeOffset.UnixEpoch, "refused by the kernel", []),
            new("logs", PartActivity.Stopped, DateTimeOffset.UnixEpoch, "failed", []),
        ];
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) StatusJson.Write(json, source, null, [new StatusOfActor("/user/node/self", false, 0)], parts);
        using var degraded = JsonDocument.Parse(buffer.WrittenMemory);
        Assert.False(degraded.RootElement.GetProperty("healthy").GetBoolean());
        string[] said =
        [
            "/user/node/self does not answer", "ebpf/file: the program on_rename is not at work on this host: not supported",
            "ebpf/network sees nothing since 1970-01-01T00:00:00Z: refused by the kernel", "logs is stopped since 1970-01-01T00:00:00Z: failed",
            "there is no rule: nothing is detected",
        ];
        Assert.Equal(said, degraded.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!));
        Assert.Empty(ShapeOf(degraded.RootElement).Except(Names(Shape)));
        Assert.Contains("sensors[].missing[].reason:string", ShapeOf(degraded.RootElement));
        Assert.Contains("sensor   ebpf/file: working, 1 of its programs not\n", StatusText.Of(degraded.RootElement));
    }

    /// <summary>Begins to work when a gate opens, and does nothing then.</summary>
    private sealed class StuckActor(ManualResetEventSlim gate) : Actors.UntypedActor
    {
        protected override void PreStart() => gate.Wait();

        protected override void OnReceive(object message) => Unhandled(message);
    }

    /// <summary>A node that has just begun may still be at its first work.</summary>
    private static async Task<JsonDocument> HealthyAsync(string[] which)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var result = await Cli.RunAsync([.. which, "--json"]);
            if (limit.IsCancellationRequested) result.IsDone();
            var status = JsonDocument.Parse(result.Out);
            if (result.Code == 0 && status.RootElement.GetProperty("ledger").GetProperty("barrier").GetInt64() > 0) return status;
            status.Dispose();
        }
    }

    private static string[] Names(string shape) => shape.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every name with its type; those of notices are the notices' own.</summary>
    private static SortedSet<string> ShapeOf(JsonElement of)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Add(of, "");
        return names;

        void Add(JsonElement at, string path)
        {
            switch (at.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in at.EnumerateObject().Where(property => property.Name != "notices")) Add(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
                    break;
                case JsonValueKind.Array:
                    foreach (var item in at.EnumerateArray()) Add(item, path + "[]");
                    break;
                default:
                    names.Add($"{path}:{(at.ValueKind is JsonValueKind.True or JsonValueKind.False ? "bool" : at.ValueKind.ToString().ToLowerInvariant())}");
                    break;
            }
        }
    }
}
