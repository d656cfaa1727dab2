namespace Picket.Actors.Persistence;

/// <summary>A persistent actor that delivers messages again until they are confirmed.</summary>
/// <remarks>Persist that a message is to be sent and call Deliver in the handler; persist that it was confirmed and call ConfirmDelivery
/// in the handler; do both when the events are replayed.</remarks>
public abstract class AtLeastOnceDeliveryActor : PersistentActor
{
    private readonly AtLeastOnceDeliverySemantic _deliveries;

    /// <summary>With the system's settings.</summary>
    protected AtLeastOnceDeliveryActor() =>
        _deliveries = new AtLeastOnceDeliverySemantic(Context, Extension.Options.AtLeastOnceDelivery);

    /// <summary>With settings of its own.</summary>
    protected AtLeastOnceDeliveryActor(PersistenceSettings.AtLeastOnceDeliverySettings settings) =>
        _deliveries = new AtLeastOnceDeliverySemantic(Context, settings);

    /// <summary>With what is made of the system's settings.</summary>
    protected AtLeastOnceDeliveryActor(
        Func<PersistenceSettings.AtLeastOnceDeliverySettings, PersistenceSettings.AtLeastOnceDeliverySettings> overrideSettings) =>
        _deliveries = new AtLeastOnceDeliverySemantic(Context, overrideSettings(Extension.Options.AtLeastOnceDelivery));

    /// <summary>Time from one delivery of a message to the next.</summary>
    public TimeSpan RedeliverInterval => _deliveries.RedeliverInterval;

    /// <summary>Messages that are delivered again at once.</summary>
    public int RedeliveryBurstLimit => _deliveries.RedeliveryBurstLimit;

    /// <summary>Deliveries of a message after which the actor is told <see cref="UnconfirmedWarning"/>.</summary>
    public int WarnAfterNumberOfUnconfirmedAttempts => _deliveries.WarnAfterNumberOfUnconfirmedAttempts;

    /// <summary>Unconfirmed messages above which Deliver throws.</summary>
    public int MaxUnconfirmedMessages => _deliveries.MaxUnconfirmedMessages;

    /// <summary>Messages that have not been confirmed.</summary>
    public int UnconfirmedCount => _deliveries.UnconfirmedCount;

    /// <summary>Sends a message, again and again until it is confirmed. In recovery it goes out at the end, unless it is confirmed by
    /// then.</summary>
    /// <param name="destination">Whom it goes to; no incarnation, so that a later one gets it too.</param>
    /// <param name="deliveryMessageMapper">Makes the message of its id: 1, 2, 3, .. over all destinations.</param>
    /// <exception cref="MaxUnconfirmedMessagesExceededException">Too many are unconfirmed.</exception>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper) =>
        _deliveries.Deliver(destination, deliveryMessageMapper, IsRecovering);

    /// <summary>As <see cref="Deliver(ActorPath, Func{long, object})"/> to the one actor that a selection names.</summary>
    /// <exception cref="NotSupportedException">The selection is a pattern: one confirmation cannot stand for many receivers.</exception>
    public void Deliver(ActorSelection destination, Func<long, object> deliveryMessageMapper)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (destination.PathString.AsSpan().ContainsAny('*', '?'))
        {
            throw new NotSupportedException(
                $"{destination} is a pattern: deliver to one actor that passes it on and confirms when all have confirmed");
        }

        Deliver(ActorPath.Parse($"{destination.Anchor.Path}/{destination.PathString}"), deliveryMessageMapper);
    }

    /// <summary>The receiver has the message, or it is given up.</summary>
    /// <returns>False when it was not unconfirmed.</returns>
    public bool ConfirmDelivery(long deliveryId) => _deliveries.ConfirmDelivery(deliveryId);

    /// <summary>The state of the deliveries, to be part of a snapshot.</summary>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() => _deliveries.GetDeliverySnapshot();

    /// <summary>Begins from the state that a snapshot holds.</summary>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot) => _deliveries.SetDeliverySnapshot(snapshot);

#nullable disable annotations // An actor may override it with or without "object?".
    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        _deliveries.Cancel();
        base.AroundPreRestart(cause, message);
    }
#nullable restore annotations

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        _deliveries.Cancel();
        base.AroundPostStop();
    }

    /// <inheritdoc/>
    protected override void OnReplaySuccess()
    {
        _deliveries.OnReplaySuccess();
        base.OnReplaySuccess();
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        _deliveries.AroundReceive(receive, message) || base.AroundReceive(receive, message);
}
