using Picket.Detection.Sigma.Correlation;

namespace Picket.Detection.Sigma.Trial;

/// <summary>One firing of a correlation, and the event that led to it.</summary>
/// <param name="Firing">The firing.</param>
/// <param name="File">What the event's source calls itself; empty where it has no name.</param>
/// <param name="Record">The event's number in its source, from 1.</param>
public sealed record FiringTrial(CorrelationFiring Firing, string File, ulong Record);
