using Picket.Actors;
using Picket.Detection.Context;
using Picket.Detection.Context.Spill;

namespace Picket.Node.Tree;

/// <summary>
/// How to make each part of the tree, given the parts that it talks to. The composition root fills it; a test replaces a
/// part by one with a planted defect.
/// </summary>
internal sealed record NodeParts
{
    /// <summary>/self.</summary>
    public required Func<Props> Self { get; init; }

    /// <summary>/alerts, given the ledger.</summary>
    public required Func<IActorRef, Props> Alerts { get; init; }

    /// <summary>/detection, given the alerts and the ledger.</summary>
    public required Func<IActorRef, IActorRef, Props> Detection { get; init; }

    /// <summary>/rules, given the detection and the ledger.</summary>
    public required Func<IActorRef, IActorRef, Props> Rules { get; init; }

    /// <summary>/context, given the shards and the ledger.</summary>
    public required Func<IReadOnlyList<IActorRef>, IActorRef, Props> Context { get; init; }

    /// <summary>How the context stage reaches /spill; null where nothing waits on disk.</summary>
    public SpillPost? SpillPost { get; init; }

    /// <summary>/spill, given the shards and the ledger; null as above.</summary>
    public Func<IReadOnlyList<IActorRef>, IActorRef, Props>? Spill { get; init; }

    /// <summary>/hashing, given the shards and the ledger; null where executables are not hashed.</summary>
    public Func<IReadOnlyList<IActorRef>, IActorRef, Props>? Hashing { get; init; }

    /// <summary>/ancestry, given the context, the ledger, and who waits for what it recovers.</summary>
    public required Func<IActorRef, IActorRef, IActorRef, Props> Ancestry { get; init; }

    /// <summary>/sensors, given the context and the ledger.</summary>
    public required Func<IActorRef, IActorRef, Props> Sensors { get; init; }

    /// <summary>/status; null where nobody may ask.</summary>
    public Func<Props>? Status { get; init; }

    /// <summary>/guard, given the ledger; null where nobody is to watch the node.</summary>
    public Func<IActorRef, Props>? Guard { get; init; }

    /// <summary>How engines reach the processes' stories.</summary>
    public required ProcessStories Stories { get; init; }

    /// <summary>Set when the whole tree is there.</summary>
    public TaskCompletionSource Up { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
