using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>To the monitor: a process traced the sensor, wrote into its memory, renamed it or sent it a signal.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Detail">The signal's name, the request or the file; empty where there is none.</param>
/// <param name="By">The process, and what it executes; null when it is not known.</param>
/// <param name="Key">The process.</param>
/// <param name="TimeNs">When, on the events' clock.</param>
public sealed record SensorTouched(EventKind Kind, string Detail, ProcessContext? By, ProcessKey Key, ulong TimeNs);
