namespace Picket.Sensors.Ebpf;

/// <summary>From the reader thread to its actor: everything was handed on, barrier <paramref name="Barrier"/> is behind it.</summary>
internal sealed record ReaderDrained(long Barrier);
