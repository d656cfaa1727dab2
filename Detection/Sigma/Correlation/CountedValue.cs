namespace Picket.Detection.Sigma.Correlation;

/// <summary>A value of a window and how often it is there; an empty place has it no time.</summary>
internal struct CountedValue
{
    /// <summary>The value's keyed hash.</summary>
    public ulong Hash;

    /// <summary>How often.</summary>
    public int Count;
}
