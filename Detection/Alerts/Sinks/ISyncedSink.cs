namespace Picket.Detection.Alerts.Sinks;

/// <summary>A sink whose writes can be made to survive a power cut. A sink without it is taken to be durable once it has written.</summary>
public interface ISyncedSink
{
    /// <summary>
    /// Makes what was written before the call durable; false when the device refused. May run beside <see cref="IAlertSink.Write"/>,
    /// so that a slow disk does not hold up the next alert.
    /// </summary>
    bool Sync();
}
