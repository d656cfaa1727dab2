namespace Picket.Actors.Persistence;

/// <summary>A persistent actor with declared handlers that delivers messages again until they are confirmed.</summary>
/// <remarks>The members of <see cref="AtLeastOnceDeliveryActor"/>, which says how they are used: a class has one base.</remarks>
public abstract class AtLeastOnceDeliveryReceiveActor : ReceivePersistentActor
{
    /// <summary>With the system's settings.</summary>
    protected AtLeastOnceDeliveryReceiveActor() : this(static settings => settings)
    {
    }

    /// <summary>With settings of its own.</summary>
    protected AtLeastOnceDeliveryReceiveActor(PersistenceSettings.AtLeastOnceDeliverySettings settings) =>
        Deliveries = new AtLeastOnceDeliverySemantic(Context, settings);

    /// <summary>With what is made of the system's settings.</summary>
    protected AtLeastOnceDeliveryReceiveActor(
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

    /// <inheritdoc cref="AtLeastOnceDeliveryActor.Deliver(ActorPath, Func{long, object})"/>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper) =>
        Deliveries.Deliver(destination, deliveryMessageMapper, IsRecovering);

    /// <inheritdoc cref="AtLeastOnceDeliveryActor.Deliver(ActorSelection, Func{long, object})"/>
    public void Deliver(ActorSelection destination, Func<long, object> deliveryMessageMapper) =>
        Deliver(AtLeastOnceDeliverySemantic.PathOf(destination), deliveryMessageMapper);

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.ConfirmDelivery"/>
    public bool ConfirmDelivery(long deliveryId) => Deliveries.ConfirmDelivery(deliveryId);

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.GetDeliverySnapshot"/>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => Deliveries.GetDeliverySnapshot();

    /// <inheritdoc cref="AtLeastOnceDeliverySemantic.SetDeliverySnapshot"/>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot) => Deliveries.SetDeliverySnapshot(snapshot);
}
