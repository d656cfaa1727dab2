using Picket.Actors.Persistence.Delivery;

namespace Picket.Actors.Persistence;

/// <summary>
/// Delivers messages again until they are confirmed. It keeps nothing itself: its actor persists that it sent and that it was confirmed,
/// and calls Deliver and ConfirmDelivery for those events in recovery too.
/// </summary>
public sealed class AtLeastOnceDeliverySemantic
{
    private readonly IActorContext _context;
    private readonly SortedDictionary<long, PendingDelivery> _unconfirmed = [];
    private long _last;
    private ICancelable? _ticks;

    /// <summary>The deliveries of one incarnation.</summary>
    public AtLeastOnceDeliverySemantic(IActorContext context, PersistenceSettings.AtLeastOnceDeliverySettings settings)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _context = context;
        RedeliverInterval = settings.RedeliverInterval;
        RedeliveryBurstLimit = settings.RedeliveryBurstLimit;
        WarnAfterNumberOfUnconfirmedAttempts = settings.WarnAfterNumberOfUnconfirmedAttempts;
        MaxUnconfirmedMessages = settings.MaxUnconfirmedMessages;
    }

    /// <summary>Time from one delivery of a message to the next.</summary>
    public TimeSpan RedeliverInterval { get; }

    /// <summary>Messages that are delivered again at once.</summary>
    public int RedeliveryBurstLimit { get; }

    /// <summary>Deliveries of a message after which the actor is told <see cref="UnconfirmedWarning"/>.</summary>
    public int WarnAfterNumberOfUnconfirmedAttempts { get; }

    /// <summary>Unconfirmed messages above which Deliver throws.</summary>
    public int MaxUnconfirmedMessages { get; }

    /// <summary>Messages that have not been confirmed.</summary>
    public int UnconfirmedCount => _unconfirmed.Count;

    private DateTimeOffset Now => _context.System.TimeProvider.GetUtcNow();

    /// <summary>Sends a message under a new id; in recovery it goes out later, unless it is confirmed first.</summary>
    /// <exception cref="MaxUnconfirmedMessagesExceededException">Too many are unconfirmed.</exception>
    public void Deliver(ActorPath destination, Func<long, object> deliveryMessageMapper, bool isRecovering)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(deliveryMessageMapper);
        if (_unconfirmed.Count >= MaxUnconfirmedMessages)
        {
            throw new MaxUnconfirmedMessagesExceededException(
                $"{_context.Self} has {_unconfirmed.Count} unconfirmed messages; no more than {MaxUnconfirmedMessages} are allowed");
        }

        var id = ++_last;
        var message = deliveryMessageMapper(id);
        if (isRecovering) _unconfirmed[id] = new PendingDelivery(destination, message, Now - RedeliverInterval, 0);
        else Send(id, new PendingDelivery(destination, message, Now, 0), Now);
    }

    /// <summary>The receiver has the message, or it is given up.</summary>
    /// <returns>False when it was not unconfirmed.</returns>
    public bool ConfirmDelivery(long deliveryId)
    {
        var confirmed = _unconfirmed.Remove(deliveryId);
        if (_unconfirmed.Count == 0) Cancel();
        return confirmed;
    }

    /// <summary>The state of the deliveries, to be part of a snapshot.</summary>
    public AtLeastOnceDeliverySnapshot GetDeliverySnapshot() =>
        new(_last, [.. _unconfirmed.Select(static one => new UnconfirmedDelivery(one.Key, one.Value.Destination, one.Value.Message))]);

    /// <summary>Begins from the state that a snapshot holds.</summary>
    public void SetDeliverySnapshot(AtLeastOnceDeliverySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _last = snapshot.CurrentDeliveryId;
        _unconfirmed.Clear();
        var now = Now;
        foreach (var one in snapshot.UnconfirmedDeliveries)
        {
            _unconfirmed[one.DeliveryId] = new PendingDelivery(one.Destination, one.Message, now, 0);
        }
    }

    /// <summary>The path of the one actor that a selection names.</summary>
    /// <exception cref="NotSupportedException">It is a pattern.</exception>
    internal static ActorPath PathOf(ActorSelection destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (destination.PathString.AsSpan().ContainsAny('*', '?'))
        {
            throw new NotSupportedException(
                $"{destination} is a pattern: deliver to one actor that passes it on and confirms when all have confirmed");
        }

        return ActorPath.Parse($"{destination.Anchor.Path}/{destination.PathString}");
    }

    /// <summary>Ends the redelivery; the actor's incarnation ends.</summary>
    public void Cancel()
    {
        _ticks?.Cancel();
        _ticks = null;
    }

    /// <summary>Sends what the recovery found unconfirmed.</summary>
    public void OnReplaySuccess()
    {
        if (_unconfirmed.Count == 0) return;
        RedeliverOverdue();
        StartTicks();
    }

    /// <summary>True when the message was for the redelivery.</summary>
    public bool AroundReceive(Receive receive, object message)
    {
        if (message is not RedeliveryTick) return false;
        RedeliverOverdue();
        return true;
    }

    private void RedeliverOverdue()
    {
        var now = Now;
        var deadline = now - RedeliverInterval;
        var overdue = _unconfirmed.Where(one => one.Value.Sent <= deadline).Take(RedeliveryBurstLimit).ToArray();
        var warnings = new List<UnconfirmedDelivery>();
        foreach (var (id, delivery) in overdue)
        {
            Send(id, delivery, now);
            if (delivery.Attempt == WarnAfterNumberOfUnconfirmedAttempts)
                warnings.Add(new UnconfirmedDelivery(id, delivery.Destination, delivery.Message));
        }

        if (warnings.Count > 0) _context.Self.Tell(new UnconfirmedWarning([.. warnings]), _context.Self);
    }

    private void Send(long id, PendingDelivery delivery, DateTimeOffset now)
    {
        // Before it leaves: who gets it may act at once.
        StartTicks();
        _unconfirmed[id] = delivery with { Sent = now, Attempt = delivery.Attempt + 1 };
        _context.ActorSelection(delivery.Destination).Tell(delivery.Message, _context.Self);
    }

    private void StartTicks() => _ticks ??= _context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
        RedeliverInterval / 2, RedeliverInterval, _context.Self, RedeliveryTick.Instance, _context.Self);
}
