using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>A barrier on its way to a sink.</summary>
/// <param name="Barrier">The mark on the sink's edge.</param>
/// <param name="End">The outbox's end when it was sent: the sink's queue is what lies before it.</param>
internal sealed record SinkBarrier(Barrier Barrier, long End);
