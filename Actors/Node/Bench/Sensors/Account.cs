namespace Picket.Node.Bench.Sensors;

/// <summary>
/// What became of the events that one kind of operation should have made: done = seen + lost + unaccounted.
/// </summary>
/// <param name="Operation">The generator's operation.</param>
/// <param name="Kind">The event that it should have made.</param>
/// <param name="Done">Operations that were done.</param>
/// <param name="Seen">Those whose event came, with the right content.</param>
/// <param name="Lost">Those whose event did not come, as far as the node counted losses of this kind.</param>
/// <param name="Wrong">Those whose event came with another content than what was done; among <paramref name="Seen"/>.</param>
/// <param name="Repeated">Events that came once more.</param>
/// <param name="Example">What is wrong with the first one that is wrong or unaccounted; null when none is.</param>
internal sealed record Account(
    OperationCode Operation, string Kind, long Done, long Seen, long Lost, long Wrong, long Repeated, string? Example)
{
    /// <summary>Events that nobody speaks of: neither seen nor counted as lost. Must be 0.</summary>
    public long Unaccounted => Done - Seen - Lost;
}
