using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>From a collector to /ebpf: its programs are attached.</summary>
/// <param name="Concern">The concern.</param>
/// <param name="TakenOver">Whether an earlier run's programs went on watching.</param>
internal sealed record CollectorReady(Concern Concern, bool TakenOver);
