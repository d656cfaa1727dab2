namespace Picket.Actors.Persistence;

/// <summary>A message that has been delivered and not been confirmed.</summary>
/// <param name="DeliveryId">Its id, which the receiver confirms.</param>
/// <param name="Destination">Whom it goes to.</param>
/// <param name="Message">The message.</param>
public sealed record UnconfirmedDelivery(long DeliveryId, ActorPath Destination, object Message);
