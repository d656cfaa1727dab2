namespace Picket.Detection.Alerts.Delivery;

/// <summary>Tells a sink that there are alerts up to an address.</summary>
/// <param name="End">Address behind the last of them.</param>
internal sealed record OutboxGrew(long End);
