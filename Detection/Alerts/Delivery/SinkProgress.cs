namespace Picket.Detection.Alerts.Delivery;

/// <summary>How far a sink came in one go.</summary>
public enum SinkProgress
{
    /// <summary>It has every alert that it was told of.</summary>
    CaughtUp = 0,

    /// <summary>It has taken its share of one turn; there are more.</summary>
    More = 1,

    /// <summary>It cannot write now.</summary>
    HeldBack = 2,
}
