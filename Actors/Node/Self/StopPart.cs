namespace Picket.Node.Self;

/// <summary>What an act on the sensor is to an ordinary stop of the node.</summary>
internal enum StopPart
{
    /// <summary>Nothing: it is said as it is.</summary>
    None,

    /// <summary>The order itself, which is said as one.</summary>
    Order,

    /// <summary>It may belong to an order that comes yet.</summary>
    Held,

    /// <summary>It belongs to an order that was said.</summary>
    Rest,
}
