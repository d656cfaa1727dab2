namespace Picket.Detection.Sigma.Ast;

/// <summary>What a correlation rule asks of the matches within its timespan.</summary>
public enum CorrelationType
{
    /// <summary>How many there are.</summary>
    EventCount,

    /// <summary>How many different values a field has.</summary>
    ValueCount,

    /// <summary>How many of the rules matched.</summary>
    Temporal,

    /// <summary>Whether all of the rules matched, in the order in which they are listed.</summary>
    TemporalOrdered,

    /// <summary>The sum of a field.</summary>
    ValueSum,

    /// <summary>The average of a field.</summary>
    ValueAvg,

    /// <summary>A percentile of a field.</summary>
    ValuePercentile,
}
