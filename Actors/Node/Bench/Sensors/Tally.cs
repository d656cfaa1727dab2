using System.Numerics;

namespace Picket.Node.Bench.Sensors;

/// <summary>What a contender has counted of one kind of work since it began.</summary>
/// <param name="Seen">Events that it got.</param>
/// <param name="Full">Lost for a full buffer.</param>
/// <param name="Reserve">Lost for the reserve of critical kinds.</param>
/// <param name="Busy">Lost for want of scratch memory.</param>
internal readonly record struct Tally(long Seen, long Full, long Reserve, long Busy)
    : IAdditionOperators<Tally, Tally, Tally>, ISubtractionOperators<Tally, Tally, Tally>
{
    /// <summary>Lost by any cause.</summary>
    public long Lost => Full + Reserve + Busy;

    public static Tally operator +(Tally left, Tally right) =>
        new(left.Seen + right.Seen, left.Full + right.Full, left.Reserve + right.Reserve, left.Busy + right.Busy);

    public static Tally operator -(Tally left, Tally right) =>
        new(left.Seen - right.Seen, left.Full - right.Full, left.Reserve - right.Reserve, left.Busy - right.Busy);
}
