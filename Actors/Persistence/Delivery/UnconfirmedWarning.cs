namespace Picket.Actors.Persistence;

/// <summary>Told to the delivering actor itself: these have been delivered many times and not been confirmed.</summary>
/// <param name="UnconfirmedDeliveries">Which.</param>
public sealed record UnconfirmedWarning(UnconfirmedDelivery[] UnconfirmedDeliveries);
