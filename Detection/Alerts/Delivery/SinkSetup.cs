using Picket.Detection.Alerts.Sinks;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>One sink of the node: where it stands, and how it is made. The actor's name is the cursor's.</summary>
/// <param name="Cursor">Outlives the actor.</param>
/// <param name="Open">Makes the sink, again after each failure; what it makes is disposed where it can be.</param>
public sealed record SinkSetup(SinkCursor Cursor, Func<IAlertSink> Open);
