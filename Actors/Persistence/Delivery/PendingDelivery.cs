namespace Picket.Actors.Persistence.Delivery;

/// <summary>One unconfirmed message.</summary>
/// <param name="Destination">Whom it goes to.</param>
/// <param name="Message">The message.</param>
/// <param name="Sent">When it went last.</param>
/// <param name="Attempt">How often it went.</param>
internal readonly record struct PendingDelivery(ActorPath Destination, object Message, DateTimeOffset Sent, int Attempt);
