using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>From a collector to /ebpf: its programs cannot be used now; it tries again by itself.</summary>
/// <param name="Concern">The concern.</param>
/// <param name="Reason">The kernel's own words.</param>
internal sealed record CollectorFailed(Concern Concern, string Reason);
