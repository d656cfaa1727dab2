using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: a part of what a sensor should see is not seen on this host.</summary>
/// <param name="Concern">The concern.</param>
/// <param name="Program">The program that is not at work; empty for all of the concern's.</param>
/// <param name="Reason">Why: the kernel's own words.</param>
public sealed record SensorDegraded(Concern Concern, string Program, string Reason);
