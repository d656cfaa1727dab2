namespace Picket.Sensors.Ebpf;

/// <summary>From the reader thread to its actor: the kernel lost records.</summary>
/// <param name="Losses">What is to be said now.</param>
/// <param name="Fresh">Whether something was lost since the last look; what is said may be older.</param>
internal sealed record ReaderSawLosses(IReadOnlyList<SensorLoss> Losses, bool Fresh);
