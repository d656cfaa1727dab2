using System.Runtime.Versioning;
using Picket.Actors;
using Picket.Node.Tree;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>A whole node whose engines are slow: bulk events wait on disk, those of processes go ahead, and all are matched in the end.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SpillSpec : IDisposable
{
    private const string RuleId = "5f1d9a52-7d4e-4a43-8f5e-0a1b2c3d4e5f";
    private const int Files = 12_000;

    private readonly string _rules = TestFolder.Make("spillrules");

    public SpillSpec()
    {
        File.WriteAllText(Path.Combine(_rules, "rules.yml"), $$"""
            title: Last memory file
            id: {{RuleId}}
            status: test
            level: high
            logsource: {product: linux, category: memfd_create}
            detection:
              selection: {TargetFilename|endswith: ['-0', '-{{Files - 1}}']}
              condition: selection
            ---
            title: A process goes ahead
            id: 5f1d9a52-7d4e-4a43-8f5e-0a1b2c3d4e60
            status: test
            level: low
            logsource: {product: linux, category: process_creation}
            detection:
              selection: {Image|endswith: /ahead}
              condition: selection
            """);
    }

    public void Dispose() => Directory.Delete(_rules, true);

    [Fact]
    public async Task What_the_engines_cannot_keep_up_with_waits_on_disk_and_nothing_is_lost()
    {
        using var gate = new ManualResetEventSlim();
        await using var node = await LiveNode.StartAsync(_rules, parts => Slow(parts, gate), "self.ledger-interval=200ms", "detection.shards=1",
            "sensors.ebpf.batches=8", "context.spill.min-backlog=64");
        using var probe = new Probe();
        var storm = CProgram.Compile("memfds", probe.Folder);
        var (pid, code) = probe.Run(storm, [$"{Files}"]);
        Assert.Equal(0, code);
        await node.AlertAsync(alert => FaultRules.RuleOf(alert) == "picket.spill-began", "the notice that events wait on disk");
        gate.Set();
        var last = await node.AlertAsync(alert => LiveNode.IsOf(alert, RuleId, pid) && alert.GetRawText().Contains($"-{Files - 1}\"", StringComparison.Ordinal),
            "the alert of the last file");
        Assert.Equal(storm, last.GetProperty("process").GetProperty("executable").GetString());
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(storm, TestContext.Current.CancellationToken)));
        Assert.Equal(hash, last.GetProperty("process").GetProperty("hash").GetProperty("sha256").GetString());
        Assert.True(last.GetProperty("picket").GetProperty("late_ms").GetInt64() > 0);
        Assert.Single(node.Alerts(), alert => LiveNode.IsOf(alert, RuleId, pid) && alert.GetRawText().Contains("-0\"", StringComparison.Ordinal));
        await node.AlertAsync(alert => FaultRules.RuleOf(alert) == "picket.spill-ended", "the notice that none wait any more");
        Assert.True(await node.StopAsync());
        var lane = node.Host.Counters.Context.Spill!.All[0];
        Assert.True(lane.Stage.Entered > 1_000, $"only {lane.Stage.Entered} waited");
        Assert.Equal(lane.Stage.Entered, lane.Stage.Left);
        Assert.Equal(0, node.Host.Counters.Lost);
        Assert.DoesNotContain(node.Alerts(), alert => FaultRules.RuleOf(alert) is "picket.ledger-imbalance" or "picket.unhandled" or "picket.loss");
    }

    /// <summary>The one shard is slow until the gate opens.</summary>
    private static NodeParts Slow(NodeParts parts, ManualResetEventSlim gate) => parts with
    {
        Detection = (alerts, monitor) => Props.CreateFrom(() => new GatedDetectionActor(parts.Detection(alerts, monitor), gate)),
    };
}
