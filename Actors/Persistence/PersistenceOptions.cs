using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Actors.Persistence;

/// <summary>Where and how the actors of a system persist.</summary>
public sealed record PersistenceOptions
{
    /// <summary>The store of events; null for one in memory.</summary>
    public IEventJournal? Journal { get; init; }

    /// <summary>The store of snapshots; null for one in memory.</summary>
    public ISnapshotStore? SnapshotStore { get; init; }

    /// <summary>Whether both stores are disposed of when the system has terminated.</summary>
    public bool OwnsStores { get; init; } = true;

    /// <summary>Actors that may recover at the same time; 1 or more.</summary>
    public int MaxConcurrentRecoveries { get; init; } = 50;

    /// <summary>Time that a recovering actor waits for its snapshot, and for the next event. Positive.</summary>
    public TimeSpan RecoveryEventTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events in one commit; 1 or more. A write of one PersistAll is never divided.</summary>
    public int MaxWriteEvents { get; init; } = 4096;

    /// <summary>Bytes in one commit as far as they are known before serialisation: those of text and byte arrays; 1 or more.</summary>
    public int MaxWriteBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long the system's end waits for what was accepted to be stored. Positive.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How recoveries look for two writers under one persistence id.</summary>
    public ReplayFilterOptions ReplayFilter { get; init; } = new();

    /// <summary>When a failing store is left alone.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; init; } = new();

    /// <summary>How messages are delivered again.</summary>
    public PersistenceSettings.AtLeastOnceDeliverySettings AtLeastOnceDelivery { get; init; } = new();

    /// <summary>Commands that the internal stash of an actor holds unless its props say how many; -1 for no bound.</summary>
    public int InternalStashCapacity { get; init; } = -1;

    /// <summary>What becomes of a command when the internal stash is full, unless the actor says otherwise.</summary>
    public IStashOverflowStrategy InternalStashOverflowStrategy { get; init; } = ThrowOverflowExceptionStrategy.Instance;

    internal PersistenceOptions Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentRecoveries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RecoveryEventTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWriteEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWriteBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FlushTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(InternalStashCapacity, -1);
        ArgumentNullException.ThrowIfNull(ReplayFilter);
        ArgumentNullException.ThrowIfNull(CircuitBreaker);
        ArgumentNullException.ThrowIfNull(AtLeastOnceDelivery);
        ArgumentNullException.ThrowIfNull(InternalStashOverflowStrategy);
        ReplayFilter.Validate();
        CircuitBreaker.Validate();
        AtLeastOnceDelivery.Validate();
        return this;
    }
}
