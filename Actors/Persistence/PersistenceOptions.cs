using Picket.Actors.Dispatch;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Hocon;

namespace Picket.Actors.Persistence;

/// <summary>Where and how the actors of a system persist.</summary>
public sealed record PersistenceOptions
{
    private const string Root = "akka.persistence";

    private static readonly Lazy<Config> s_reference = new(static () =>
    {
        const string Name = "Picket.Persistence.reference.conf";
        using var stream = typeof(PersistenceOptions).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd(), Name);
    });

    /// <summary>The keys that are honoured, with their defaults.</summary>
    public static Config Reference => s_reference.Value;

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

    /// <summary>When a failing journal is left alone.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; init; } = new();

    /// <summary>When a failing snapshot store is left alone.</summary>
    public CircuitBreakerOptions SnapshotCircuitBreaker { get; init; } = new();

    /// <summary>How messages are delivered again.</summary>
    public PersistenceSettings.AtLeastOnceDeliverySettings AtLeastOnceDelivery { get; init; } = new();

    /// <summary>Commands that the internal stash of an actor holds unless its props say how many; -1 for no bound.</summary>
    public int InternalStashCapacity { get; init; } = -1;

    /// <summary>What becomes of a command when the internal stash is full, unless the actor says otherwise.</summary>
    public IStashOverflowStrategy InternalStashOverflowStrategy { get; init; } = ThrowOverflowExceptionStrategy.Instance;

    /// <summary>Options from the <c>akka.persistence</c> section of a configuration, the reference for what it leaves out; in memory
    /// until stores are set.</summary>
    /// <exception cref="ConfigurationException">A value is none of those that its key can have.</exception>
    public static PersistenceOptions From(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var all = config.WithFallback(Reference);
        const string Filter = $"{Root}.journal-plugin-fallback.replay-filter";
        const string Delivery = $"{Root}.at-least-once-delivery";
        var options = new PersistenceOptions
        {
            MaxConcurrentRecoveries = all.GetInt($"{Root}.max-concurrent-recoveries"),
            RecoveryEventTimeout = all.GetTimeSpan($"{Root}.journal-plugin-fallback.recovery-event-timeout"),
            MaxWriteEvents = all.GetInt($"{Root}.journal.max-message-batch-size"),
            MaxWriteBytes = (int)Math.Min(all.GetByteSize($"{Root}.journal.max-message-batch-bytes") ?? 0, int.MaxValue),
            FlushTimeout = all.GetTimeSpan($"{Root}.flush-timeout"),
            ReplayFilter = new ReplayFilterOptions
            {
                Mode = FilterMode(all.GetString($"{Filter}.mode")),
                WindowSize = all.GetInt($"{Filter}.window-size"),
                MaxOldWriters = all.GetInt($"{Filter}.max-old-writers"),
            },
            CircuitBreaker = CircuitBreakerOptions.From(all, $"{Root}.journal-plugin-fallback.circuit-breaker"),
            SnapshotCircuitBreaker = CircuitBreakerOptions.From(all, $"{Root}.snapshot-store-plugin-fallback.circuit-breaker"),
            AtLeastOnceDelivery = new PersistenceSettings.AtLeastOnceDeliverySettings(
                all.GetTimeSpan($"{Delivery}.redeliver-interval"),
                all.GetInt($"{Delivery}.redelivery-burst-limit"),
                all.GetInt($"{Delivery}.warn-after-number-of-unconfirmed-attempts"),
                all.GetInt($"{Delivery}.max-unconfirmed-messages")),
            InternalStashCapacity = all.GetInt($"{Root}.internal-stash-capacity"),
            InternalStashOverflowStrategy = OverflowStrategy(all),
        };
        try
        {
            return options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"{Root}: {e.Message}", e);
        }
    }

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
        ArgumentNullException.ThrowIfNull(SnapshotCircuitBreaker);
        ArgumentNullException.ThrowIfNull(AtLeastOnceDelivery);
        ArgumentNullException.ThrowIfNull(InternalStashOverflowStrategy);
        ReplayFilter.Validate();
        CircuitBreaker.Validate();
        SnapshotCircuitBreaker.Validate();
        AtLeastOnceDelivery.Validate();
        return this;
    }

    private static ReplayFilterMode FilterMode(string? mode) => mode switch
    {
        "repair-by-discard-old" => ReplayFilterMode.RepairByDiscardOld,
        "fail" => ReplayFilterMode.Fail,
        "warn" => ReplayFilterMode.Warn,
        "off" => ReplayFilterMode.Disabled,
        _ => throw new ConfigurationException(
            $"{Root}.journal-plugin-fallback.replay-filter.mode is [{mode}]: repair-by-discard-old, fail, warn, off"),
    };

    private static IStashOverflowStrategy OverflowStrategy(Config all)
    {
        const string Path = $"{Root}.internal-stash-overflow-strategy";
        return Mailboxes.TypeName(all, Path) switch
        {
            "ThrowExceptionConfigurator" => ThrowOverflowExceptionStrategy.Instance,
            "DiscardConfigurator" => DiscardToDeadLetterStrategy.Instance,
            var other => throw new ConfigurationException($"{Path} is [{other}]: ThrowExceptionConfigurator, DiscardConfigurator"),
        };
    }
}
