namespace Picket.Actors.Persistence;

/// <summary>The state of deliveries, to be part of a snapshot.</summary>
/// <param name="CurrentDeliveryId">The last id given out.</param>
/// <param name="UnconfirmedDeliveries">What has not been confirmed.</param>
public sealed record AtLeastOnceDeliverySnapshot(long CurrentDeliveryId, UnconfirmedDelivery[] UnconfirmedDeliveries)
{
    /// <inheritdoc/>
    public bool Equals(AtLeastOnceDeliverySnapshot? other) => other is not null && CurrentDeliveryId == other.CurrentDeliveryId
        && UnconfirmedDeliveries.AsSpan().SequenceEqual(other.UnconfirmedDeliveries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CurrentDeliveryId, UnconfirmedDeliveries.Length);
}
