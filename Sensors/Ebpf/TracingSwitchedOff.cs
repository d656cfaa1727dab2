namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: somebody switched off the kernel's tracing.</summary>
/// <param name="Switch">The file that says so.</param>
public sealed record TracingSwitchedOff(string Switch);
