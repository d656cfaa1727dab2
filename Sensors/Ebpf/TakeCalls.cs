namespace Picket.Sensors.Ebpf;

/// <summary>To the collector of the privilege concern: other system calls are asked for. Answered by <see cref="CallsTaken"/>.</summary>
public sealed record TakeCalls;
