namespace Picket.Sensors.Ebpf;

/// <summary>From the reader thread to its actor: it is over.</summary>
internal sealed record ReaderFailed(Exception Reason);
