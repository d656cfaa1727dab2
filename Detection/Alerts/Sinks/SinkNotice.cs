namespace Picket.Detection.Alerts.Sinks;

/// <summary>Something that a sink has to say of itself: said once when it begins and once when it is over.</summary>
/// <param name="Sink">The sink's name.</param>
/// <param name="Name">Short and stable: <c>sink-held</c>, <c>sink-resumed</c>, <c>sink-reopened</c>, <c>sink-repaired</c>.</param>
/// <param name="Message">One sentence.</param>
public sealed record SinkNotice(string Sink, string Name, string Message);
