namespace Picket.Sensors.Ebpf;

/// <summary>The system calls that are asked for are looked at, as far as the collector is at work.</summary>
public sealed record CallsTaken;
