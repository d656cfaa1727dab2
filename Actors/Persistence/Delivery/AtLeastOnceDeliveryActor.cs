namespace Picket.Actors.Persistence;

/// <summary>A persistent actor that delivers messages again until they are confirmed.</summary>
/// <remarks>Persist that a message is to be sent and call Deliver in the handler; persist that it was confirmed and call ConfirmDelivery
/// in the handler; do both when the events are replayed.</remarks>
public abstract class AtLeastOnceDeliveryActor : PersistentActor
{
    /// <summary>With the system's settings.</summary>
    protected AtLeastOnceDeliveryActor() : this(static settings => settings)
    {
    }

    /// <summary>With settings of its own.</summary>
    protected AtLeastOnceDeliveryActor(PersistenceSettings.AtLeastOnceDeliverySettings settings) =>
        Deliveries = new AtLeastOnceDeliverySemantic(Context, settings);

    /// <summary>With what is made of the system's settings.</summary>
    protected AtLeastOnceDeliveryActor(
        Func<PersistenceSettings.AtLeastOnceDeliverySettings, PersistenceSettings.AtLeastOnceDeliverySettings> overrideSettings) =>
        Deliveries = new AtLeastOnceDeliverySemantic(Context, overrideSettings(Extension.Options.AtLeastOnceDelivery));

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.RedeliverInterval"/>
    public TimeSpan RedeliverInterval => Deliveries.RedeliverInterval;

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.RedeliveryBurstLimit"/>
    public int RedeliveryBurstLimit => Deliveries.RedeliveryBurstLimit;

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.WarnAfterNumberOfUnconfirmedAttempts"/>
    public int WarnAfterNumberOfUnconfirmedAttempts => Deliveries.WarnAfterNumberOfUnconfirmedAttempts;

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.MaxUnconfirmedMessages"/>
    public int MaxUnconfirmedMessages => Deliveries.MaxUnconfirmedMessages;

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.UnconfirmedCount"/>
    public int UnconfirmedCount => Deliveries.UnconfirmedCount;

    private protected sealed override AtLeastOnceDeliverySemantic Deliveries { get; }

    /// <summary>Sends a message, again and again until it is confirmed. In recovery it goes out at the end, unless it is confirmed by
    /// then.</summary>
    /// <param name="destination">Whom it goes to; no incarnation, so that a later one gets it too.</param>
    /// <param name="deliveryMessageMapper">Makes the message of its id: 1, 2, 3, .. over all destinations.</param>
    /// <exception cref="MaxUnconfirmedMessagesExceededException">Too many are unconfirmed.</exception>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper) =>
        Deliveries.Deliver(destination, deliveryMessageMapper, IsRecovering);

    /// <summary>As <see cref="Deliver(ActorPath, Func{long, object})"/> to the one actor that a selection names.</summary>
    /// <exception cref="NotSupportedException">The selection is a pattern: one confirmation cannot stand for many receivers.</exception>
    public void Deliver(ActorSelection destination, Func<long, object> deliveryMessageMapper) =>
        Deliver(AtLeastOnceDeliverySemantic.PathOf(destination), deliveryMessageMapper);

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.ConfirmDelivery"/>
    public bool ConfirmDelivery(long deliveryId) => Deliveries.ConfirmDelivery(deliveryId);

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.GetDeliverySnapshot"/>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => Deliveries.GetDeliverySnapshot();

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.SetDeliverySnapshot"/>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot) => Deliveries.SetDeliverySnapshot(snapshot);
}
