namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: the run before this one did not end in order; its ring was read on.</summary>
/// <param name="BootNs">Boot time in nanoseconds at which the earlier run had begun: names the occurrence.</param>
/// <param name="Unread">Bytes in the ring that the earlier run had not completed.</param>
/// <param name="Losses">What the ring lost meanwhile, by kind; empty when nothing.</param>
public sealed record UncleanStart(ulong BootNs, ulong Unread, IReadOnlyList<SensorLoss> Losses);
