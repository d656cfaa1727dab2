namespace Picket.Detection.Events;

/// <summary>
/// A mark that travels every edge behind the records that were given before it. At each edge the receiver compares what it
/// was given up to the mark with what it took.
/// </summary>
/// <param name="Number">Counts up from 1 in one run of the node.</param>
/// <param name="Edge">The edge that this copy of the mark travels.</param>
/// <param name="Given">The edge's <see cref="LedgerEdge.Given"/> when the mark was sent.</param>
public sealed record Barrier(long Number, LedgerEdge Edge, long Given)
{
    /// <summary>Whether the mark ends at the edge's receiver: another copy of it goes on from there.</summary>
    public bool EndsHere { get; init; }
}
