namespace Picket.Detection.Alerts.Policy;

/// <summary>What policy says of an alert.</summary>
public enum AlertVerdict
{
    /// <summary>It goes out.</summary>
    Pass = 0,

    /// <summary>One like it went out a short while ago.</summary>
    Suppressed = 1,

    /// <summary>Its rule has had its share.</summary>
    RateLimited = 2,
}
