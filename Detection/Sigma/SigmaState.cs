using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma;

/// <summary>What a shard's Sigma actor must not forget when it is restarted; owned by the composition root.</summary>
public sealed class SigmaState
{
    internal const int Evaluated = 0, Failed = 1;

    /// <summary>Makes the state of shard <paramref name="index"/>.</summary>
    /// <param name="index">The shard's number, from 0.</param>
    /// <param name="engine">The engine, which belongs to this shard alone.</param>
    /// <param name="builder">Makes alerts.</param>
    /// <param name="stories">Where matches enter their process's story.</param>
    public SigmaState(int index, SigmaEngine engine, AlertBuilder builder, ProcessStories stories)
    {
        Index = index;
        Engine = engine;
        Builder = builder;
        Stories = stories;
        Stage = new LedgerStage($"sigma-{index}", "evaluated", "failed");
        Edge = new LedgerEdge($"sigma-{index}->alerts");
        Correlation = new LedgerEdge($"sigma-{index}->correlation");
    }

    /// <summary>The shard's number, from 0.</summary>
    public int Index { get; }

    /// <summary>The engine.</summary>
    public SigmaEngine Engine { get; internal set; }

    /// <summary>The number of the set in force: 0 for the one of the start.</summary>
    internal long Generation { get; set; }

    /// <summary>The stage's line of the ledger.</summary>
    public LedgerStage Stage { get; }

    /// <summary>The edge to the alerts.</summary>
    public LedgerEdge Edge { get; }

    /// <summary>The edge to the correlations.</summary>
    public LedgerEdge Correlation { get; }

    internal AlertBuilder Builder { get; }

    internal ProcessStories Stories { get; }
}
