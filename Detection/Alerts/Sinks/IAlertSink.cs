using Picket.Detection.Alerts.Outbox;

namespace Picket.Detection.Alerts.Sinks;

/// <summary>Somewhere that alerts go. Called by one thread at a time, in the outbox's order.</summary>
public interface IAlertSink
{
    /// <summary>
    /// Writes one alert. A sink that cannot write now says so; one that throws is made anew and given the same alert again, so
    /// it must recognise an alert that it has written.
    /// </summary>
    SinkResult Write(OutboxEntry entry);
}
