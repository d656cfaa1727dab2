namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: the ring has records and none is taken from it.</summary>
/// <param name="For">For how long.</param>
/// <param name="Unread">Bytes that wait.</param>
public sealed record RingStalled(TimeSpan For, ulong Unread);
