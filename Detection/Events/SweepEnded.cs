namespace Picket.Detection.Events;

/// <summary>To the context stage: the look is over. Who lived before it and was not in it has ended unseen.</summary>
/// <param name="StartedNs">When the look began, on the records' clock.</param>
/// <param name="Edge">The edge that its records travelled.</param>
/// <param name="Given">The edge's <see cref="LedgerEdge.Given"/> now.</param>
public sealed record SweepEnded(ulong StartedNs, LedgerEdge Edge, long Given);
