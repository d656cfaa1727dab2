using Picket.Actors.Event;

namespace Picket.Actors;

/// <summary>A watched actor has stopped. Each watch ends in exactly one.</summary>
/// <param name="ActorRef">Who stopped.</param>
/// <param name="ExistenceConfirmed">False when nobody knows whether it ever lived.</param>
/// <param name="AddressTerminated">True when its whole system went away.</param>
public sealed record Terminated(IActorRef ActorRef, bool ExistenceConfirmed, bool AddressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression;
