using Picket.Detection.Alerts.Delivery;
using Picket.Detection.Context;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Detection.Export;
using Picket.Detection.Sharding;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Node.Self;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs;

namespace Picket.Node.Hosting;

/// <summary>Everything that is counted, in one place to read. The counters belong to their stages.</summary>
internal sealed class NodeCounters
{
    private const int StoredWay = 0;

    private readonly EbpfSensor? _ebpf;
    private readonly LogSensor? _logs;
    private readonly AlertDelivery _delivery;

    public NodeCounters(EbpfSensor? ebpf, LogSensor? logs, AlertDelivery delivery, ContextState context,
        IReadOnlyList<ShardState> shards, IReadOnlyList<SigmaState> sigma, IReadOnlyList<ExportState> export,
        CorrelationState correlation)
    {
        _ebpf = ebpf;
        _logs = logs;
        _delivery = delivery;
        Context = context;
        Shards = shards;
        Sigma = sigma;
        Export = export;
        Correlation = correlation;
        Ledger = new Ledger(Lines());
    }

    /// <summary>The context stage.</summary>
    public ContextState Context { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<ShardState> Shards { get; }

    /// <summary>The Sigma stages, by shard.</summary>
    public IReadOnlyList<SigmaState> Sigma { get; }

    /// <summary>The stage of the correlations.</summary>
    public CorrelationState Correlation { get; }

    /// <summary>The stages that write events as they are, by shard; none when nothing is exported.</summary>
    public IReadOnlyList<ExportState> Export { get; }

    /// <summary>The book.</summary>
    public Ledger Ledger { get; }

    /// <summary>Records that the sensors handed on.</summary>
    public long Seen => (_ebpf?.Taken ?? 0) + (_logs?.Counts.Lines ?? 0);

    /// <summary>Alerts that the engines raised.</summary>
    public long Matched => Sigma.Sum(stage => stage.Edge.Given) + Correlation.Edge.Given;

    /// <summary>Alerts in the outbox, the node's own included.</summary>
    public long Written => _delivery.Intake.Stage.LeftBy(StoredWay);

    /// <summary>Alerts that every sink has taken: of the slowest one, if there are several.</summary>
    public long SinksTaken => _delivery.Cursors.Min(cursor => cursor.Edge.Taken);

    /// <summary>Where the sinks stand.</summary>
    public IEnumerable<SinkCursor> Sinks => _delivery.Cursors;

    /// <summary>Records that wait on disk.</summary>
    public long Spilled => Lanes.Sum(lane => lane.Waiting);

    /// <summary>Batches that are under way.</summary>
    public long BatchesOut => _ebpf?.Pool.Outstanding ?? 0;

    /// <summary>Records that the kernel could not hand over.</summary>
    public long Lost => _ebpf?.Lost ?? 0;

    /// <summary>Records whose bytes contradicted themselves.</summary>
    public long Malformed => _ebpf?.Malformed ?? 0;

    /// <summary>Items whose handling threw, on all edges.</summary>
    public long Failed => Edges().Sum(edge => edge.Failed);

    /// <summary>Items that came back unhandled, on all edges.</summary>
    public long Dropped => Edges().Sum(edge => edge.Dropped);

    /// <summary>All edges inside the node.</summary>
    public IEnumerable<LedgerEdge> Edges()
    {
        if (_ebpf is not null)
        {
            yield return _ebpf.Edge;
            yield return _ebpf.ListEdge;
        }

        if (_logs is not null) yield return _logs.Edge;
        foreach (var edge in Context.ShardEdges) yield return edge;
        foreach (var lane in Lanes) yield return lane.Edge;
        foreach (var edge in Context.Hashes?.ShardEdges ?? []) yield return edge;
        foreach (var edge in Shards.SelectMany(shard => shard.Edges)) yield return edge;
        foreach (var stage in Sigma) yield return stage.Edge;
        foreach (var edge in CorrelationEdges) yield return edge;
        yield return _delivery.SelfEdge;
        foreach (var cursor in _delivery.Cursors) yield return cursor.Edge;
    }

    /// <summary>All stages inside the node.</summary>
    public IEnumerable<LedgerStage> Stages() =>
    [
        Context.Stage, .. Lanes.Select(lane => lane.Stage), .. HashStages, .. Sigma.Select(sigma => sigma.Stage),
        Correlation.Stage, .. Export.Select(export => export.Stage), _delivery.Intake.Stage,
    ];

    private IEnumerable<LedgerEdge> CorrelationEdges => [.. Sigma.Select(sigma => sigma.Correlation), Correlation.Edge];

    private IEnumerable<LedgerStage> HashStages => Context.Hashes is { } hashes ? [hashes.Stage, hashes.Late] : [];

    private IEnumerable<SpillLane> Lanes => Context.Spill?.All ?? [];

    /// <summary>The lines that every barrier passes.</summary>
    private List<string> Lines()
    {
        var lines = new List<string> { Context.Stage.Name, _delivery.Intake.Stage.Name, _delivery.SelfEdge.Name };
        if (_ebpf is not null) lines.AddRange(["kernel->ring", "ring->ebpf", _ebpf.Edge.Name]);
        if (_logs is { Options.NumbersBarriers: true }) lines.Add(_logs.Edge.Name);
        lines.AddRange(Context.ShardEdges.Select(edge => edge.Name));
        foreach (var lane in Lanes) lines.AddRange([lane.Stage.Name, lane.Edge.Name]);
        lines.AddRange(HashStages.Select(stage => stage.Name));
        lines.AddRange((Context.Hashes?.ShardEdges ?? []).Select(edge => edge.Name));
        lines.AddRange(Shards.SelectMany(shard => shard.Edges).Select(edge => edge.Name));
        foreach (var stage in Sigma) lines.AddRange([stage.Stage.Name, stage.Edge.Name]);
        lines.AddRange(CorrelationEdges.Select(edge => edge.Name));
        lines.Add(Correlation.Stage.Name);
        lines.AddRange(Export.Select(export => export.Stage.Name));
        lines.AddRange(_delivery.Cursors.Select(cursor => cursor.Edge.Name));
        return lines;
    }
}
