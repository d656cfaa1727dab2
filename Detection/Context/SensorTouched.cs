using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>To the monitor: a process traced the sensor or its guard, wrote into its memory, renamed it or sent it a signal.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Detail">The signal's name, the request or the file; empty where there is none.</param>
/// <param name="By">The process, and what it executes; null when it is not known.</param>
/// <param name="Key">The process.</param>
/// <param name="TimeNs">When, on the events' clock.</param>
/// <param name="Guard">The guard's process when it was done to the guard; 0 when to the sensor itself.</param>
public sealed record SensorTouched(EventKind Kind, string Detail, ProcessContext? By, ProcessKey Key, ulong TimeNs, int Guard = 0);
