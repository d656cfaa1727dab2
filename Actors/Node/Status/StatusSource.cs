using Picket.Node.Guard;
using Picket.Node.Hosting;
using Picket.Node.Options;
using Picket.Node.Reloading;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs;
using Picket.Sensors.OwnFiles;

namespace Picket.Node.Status;

/// <summary>What a status is made of, beside what actors say.</summary>
/// <param name="Options">What the node was told.</param>
/// <param name="Book">The rules in force, and how the last reload of them went.</param>
/// <param name="Counters">What was counted.</param>
/// <param name="Ebpf">The kernel's sensor; null when switched off.</param>
/// <param name="Logs">The sensor of the logs; null when switched off.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Time">The clock.</param>
internal sealed record StatusSource(
    NodeOptions Options, RuleBook Book, NodeCounters Counters, EbpfSensor? Ebpf, LogSensor? Logs, DateTimeOffset Started,
    TimeProvider Time)
{
    /// <summary>The guard; null when switched off.</summary>
    public GuardState? Guard { get; init; }

    /// <summary>The watch over the node's own files; null when switched off.</summary>
    public FileWatch? Files { get; init; }
}
