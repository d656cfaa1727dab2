namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: an earlier run's ring could not be taken over.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Bytes">Unread bytes that went with it.</param>
public sealed record RingDiscarded(string Reason, ulong Bytes);
