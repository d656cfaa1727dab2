namespace Picket.Sensors;

/// <summary>A sensor does nothing any more, though it did not fail: it is ended and started again.</summary>
internal sealed class SensorStalledException : Exception
{
    /// <summary>Makes the failure of a sensor that was last at work at <paramref name="since"/>.</summary>
    public SensorStalledException(string message, DateTimeOffset since)
        : base(message) => Since = since;

    /// <summary>When it was last at work.</summary>
    public DateTimeOffset Since { get; }
}
