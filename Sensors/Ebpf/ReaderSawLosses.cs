namespace Picket.Sensors.Ebpf;

/// <summary>From the reader thread to its actor: the kernel lost records.</summary>
internal sealed record ReaderSawLosses(IReadOnlyList<SensorLoss> Losses);
