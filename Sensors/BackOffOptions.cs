namespace Picket.Sensors;

/// <summary>How a sensor that failed is started again.</summary>
/// <param name="Min">Wait before the first attempt; above zero.</param>
/// <param name="Max">Longest wait; at least <paramref name="Min"/>.</param>
/// <param name="MaxFailures">Failures within <paramref name="Window"/> after which the sensor stays stopped; at least 1.</param>
/// <param name="Window">The window; a sensor that ran longer than this starts again at <paramref name="Min"/>.</param>
public sealed record BackOffOptions(TimeSpan Min, TimeSpan Max, int MaxFailures, TimeSpan Window);
