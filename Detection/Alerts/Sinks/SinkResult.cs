namespace Picket.Detection.Alerts.Sinks;

/// <summary>What a sink says of one alert.</summary>
public enum SinkResult
{
    /// <summary>It is written, or was written before.</summary>
    Written = 0,

    /// <summary>It cannot be written now, and nothing of it was: give it again later.</summary>
    HeldBack = 1,
}
