using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Export;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Sensors;
using Picket.Sensors.Audit;
using Picket.Sensors.Logs;

namespace Picket.Node.Options;

/// <summary>Everything that <c>picket run</c> was told, validated once.</summary>
internal sealed record NodeOptions
{
    /// <summary>What alerts call this host.</summary>
    public required string Name { get; init; }

    /// <summary>Where what must survive a restart lies.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>How long a stop waits for what is under way.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>Whether a second process says what a node that is stopped or killed cannot say.</summary>
    public required bool Guard { get; init; }

    /// <summary>The nice value of the node's process, from -20 to 19. Without the right to it, it stays as it is.</summary>
    public required int Nice { get; init; }

    /// <summary>The database of what actors remember.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>How failed sensors are started again.</summary>
    public required BackOffOptions BackOff { get; init; }

    /// <summary>The kernel's sensor; null when switched off.</summary>
    public required EbpfSettings? Ebpf { get; init; }

    /// <summary>The sensor of log files and the journal; null when switched off.</summary>
    public required LogsOptions? Logs { get; init; }

    /// <summary>The context stage.</summary>
    public required ContextOptions Context { get; init; }

    /// <summary>What is kept of the dead ancestors of the living.</summary>
    public required AncestryOptions Ancestry { get; init; }

    /// <summary>How events that the engines cannot keep up with wait on disk; null when they wait in the ring only.</summary>
    public required SpillOptions? Spill { get; init; }

    /// <summary>How executables are hashed; null when they are not.</summary>
    public required HashOptions? Hashes { get; init; }

    /// <summary>The account file.</summary>
    public required string Passwd { get; init; }

    /// <summary>The audit rules whose keys rules for auditd may name.</summary>
    public required IReadOnlyList<AuditRule> AuditRules { get; init; }

    /// <summary>Detection shards, at least 1.</summary>
    public required int Shards { get; init; }

    /// <summary>Folders and files with Sigma rules, absolute.</summary>
    public required IReadOnlyList<string> SigmaRules { get; init; }

    /// <summary>How rules are read.</summary>
    public required SigmaLoadOptions SigmaLoading { get; init; }

    /// <summary>When rules are read again.</summary>
    public required ReloadOptions Reload { get; init; }

    /// <summary>How rules that fail are treated.</summary>
    public required SigmaEngineOptions SigmaEngine { get; init; }

    /// <summary>How much correlations keep, and how long they wait.</summary>
    public CorrelationOptions Correlation { get; init; } = new();

    /// <summary>Time between two writes of what correlations keep.</summary>
    public TimeSpan CorrelationSaveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Outbox, sinks and policy.</summary>
    public required AlertingOptions Alerting { get; init; }

    /// <summary>Which events are written as they are; null for none.</summary>
    public required ExportOptions? Export { get; init; }

    /// <summary>Time between the lines that say that the node lives; zero for none.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>Whether it is said when others change the node's own files.</summary>
    public required bool WatchFiles { get; init; }

    /// <summary>The files that the configuration was read from, absolute.</summary>
    public required IReadOnlyList<string> ConfigFiles { get; init; }

    /// <summary>Time between barriers.</summary>
    public required TimeSpan LedgerInterval { get; init; }
}
