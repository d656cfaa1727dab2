using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Events;
using Picket.Node.Hosting;

namespace Picket.Node.Self;

/// <summary>What /self must not forget when it is restarted; owned by the composition root.</summary>
internal sealed class SelfState(NodeCounters counters, AlertBuilder builder, LedgerEdge edge, string bootId, TimeProvider time)
{
    /// <summary>The book.</summary>
    public Ledger Ledger { get; } = counters.Ledger;

    /// <summary>What was counted.</summary>
    public NodeCounters Counters { get; } = counters;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>When the run began.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    /// <summary>How often a line says that the node lives.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>The number of the last such line.</summary>
    public long Heartbeats { get; set; }

    /// <summary>Tells when the node was stopped.</summary>
    public Standstill Standstill { get; } = new(TimeSpan.FromSeconds(4), time);

    /// <summary>Tells what others do to the node's process and its guard, not too often.</summary>
    public Touches Touches { get; } = new(time);

    /// <summary>Tells when events wait on disk, not too often.</summary>
    public SpillBook Spills { get; } = new(TimeSpan.FromMinutes(1), time);

    /// <summary>Keeps the heap small.</summary>
    public HeapPacer Heap { get; } = new(time);

    /// <summary>How to make /self/files; null where the node's own files are not watched.</summary>
    public Func<Props>? Files { get; init; }

    /// <summary>Makes notices into alerts.</summary>
    public AlertBuilder Builder { get; } = builder;

    /// <summary>The edge to /alerts.</summary>
    public LedgerEdge Edge { get; } = edge;

    /// <summary>The running boot.</summary>
    public string BootId { get; } = bootId;

    /// <summary>Where notices go; nobody until /alerts is there.</summary>
    public IActorRef Alerts { get; set; } = ActorRefs.Nobody;

    /// <summary>Notices that came before /alerts was there.</summary>
    public Queue<Notice> Early { get; } = new();

    /// <summary>How often each notice was raised, by its name.</summary>
    public Dictionary<string, long> Notices { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the ancestry is said to be in trouble.</summary>
    public bool AncestryInTrouble { get; set; }

    /// <summary>The newest barrier that was heard of.</summary>
    public long Barrier { get; set; }

    /// <summary>Who waits for which barrier.</summary>
    public List<(long Number, IActorRef Asker)> Waiting { get; } = [];
}
