using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>What the context stage must not forget when its actor is restarted; owned by the composition root.</summary>
public sealed class ContextState
{
    /// <summary>Ways out of the stage, as indexes into <see cref="Stage"/>.</summary>
    internal const int Forwarded = 0, ContextOnly = 1, NotAsked = 2, Failed = 3, Abandoned = 4, Spilled = 5;

    /// <summary>Makes the state of a stage that splits over <paramref name="shards"/> shards.</summary>
    public ContextState(ProcessTable table, int shards, EventInterest interest)
    {
        Table = table;
        Interest = interest;
        Router = new SliceRouter(shards);
        ShardEdges = [.. Enumerable.Range(0, shards).Select(i => new LedgerEdge($"context->shard-{i}"))];
    }

    /// <summary>The processes.</summary>
    public ProcessTable Table { get; }

    /// <summary>Where the processes are written down for the next run; null for nowhere.</summary>
    public ProcessJournal? Journal { get; init; }

    /// <summary>Where bulk records wait that the engines cannot keep up with; null for nowhere.</summary>
    public SpillLanes? Spill { get; init; }

    /// <summary>Where the hashes of executables come from; null for nowhere.</summary>
    public HashEngine? Hashes => Table.Hashes;

    /// <summary>What the rules ask for.</summary>
    public EventInterest Interest { get; set; }

    /// <summary>The stage's own line of the ledger.</summary>
    public LedgerStage Stage { get; } = new("context", "forwarded", "context-only", "not-asked", "failed", "abandoned", "spilled");

    /// <summary>One edge for each shard.</summary>
    public IReadOnlyList<LedgerEdge> ShardEdges { get; }

    /// <summary>The lists of the batch under way.</summary>
    internal SliceRouter Router { get; }

    /// <summary>Time of the newest record, on the events' clock.</summary>
    internal ulong NewestNs { get; set; }
}
