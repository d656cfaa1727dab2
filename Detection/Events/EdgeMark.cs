namespace Picket.Detection.Events;

/// <summary>To the context stage: everything given on an edge up to here is before this. It compares that edge alone, as no barrier of
/// the sensor that numbers them travels it.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="Given">The edge's <see cref="LedgerEdge.Given"/> now.</param>
public sealed record EdgeMark(LedgerEdge Edge, long Given);
