using Picket.Detection.Alerts;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>One match in a group's window.</summary>
internal struct Occurrence
{
    /// <summary>When: nanoseconds since 1970 UTC.</summary>
    public long Time;

    /// <summary>The halves of the event's id.</summary>
    public ulong IdHigh, IdLow;

    /// <summary>What the correlation asks for: the hash of its values, or the bits of a <see cref="double"/>.</summary>
    public long Value;

    /// <summary>Which of the correlation's rules matched.</summary>
    public int Source;

    public readonly StableId Id => new(new UInt128(IdHigh, IdLow));

    public readonly double Number => BitConverter.Int64BitsToDouble(Value);

    public readonly bool IsSame(in Occurrence other) =>
        Time == other.Time && IdLow == other.IdLow && IdHigh == other.IdHigh && Source == other.Source;
}
