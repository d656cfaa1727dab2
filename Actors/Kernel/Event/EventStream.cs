using System.Collections.Concurrent;
using Picket.Actors.Dispatch.SysMsg;
using Picket.Actors.Refs;

namespace Picket.Actors.Event;

/// <summary>
/// Publishes to whoever subscribed to the type of an event or to a base or interface of it. A subscriber that ends is forgotten.
/// </summary>
public sealed class EventStream
{
    private readonly Lock _changes = new();
    private readonly ActorSystem _system;
    private readonly Watcher _watcher;
    private readonly ConcurrentDictionary<Type, IActorRef[]> _byEvent = new();
    private (IActorRef Subscriber, Type To)[] _subscriptions = [];

    internal EventStream(ActorSystem system)
    {
        _system = system;
        _watcher = new Watcher(this, system);
    }

    /// <summary>False when the subscription is there already.</summary>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_changes)
        {
            foreach (var (known, to) in _subscriptions)
            {
                if (to == channel && known.Equals(subscriber)) return false;
            }

            _subscriptions = [.. _subscriptions, (subscriber, channel)];
            _byEvent.Clear();
        }

        if (InternalActorRef.Known(subscriber) is { } actor) actor.SendSystem(new Watch(actor, _watcher));
        Trace("subscribed", subscriber, channel);
        return true;
    }

    /// <summary>Subscribes to events of type <typeparamref name="TEvent"/>.</summary>
    public bool Subscribe<TEvent>(IActorRef subscriber) => Subscribe(subscriber, typeof(TEvent));

    /// <summary>False when there is no such subscription.</summary>
    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        if (!Remove(s => s.To == channel && s.Subscriber.Equals(subscriber))) return false;
        Trace("unsubscribed", subscriber, channel);
        return true;
    }

    /// <summary>Ends one subscription.</summary>
    public bool Unsubscribe<TEvent>(IActorRef subscriber) => Unsubscribe(subscriber, typeof(TEvent));

    /// <summary>Ends all subscriptions of an actor.</summary>
    public bool Unsubscribe(IActorRef subscriber) => Remove(s => s.Subscriber.Equals(subscriber));

    /// <summary>Tells an event to all that want it.</summary>
    /// <exception cref="ArgumentException">The event is a lease, which has one receiver.</exception>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (@event is ILease) throw new ArgumentException("a lease has one receiver and cannot be published", nameof(@event));
        if (!_byEvent.TryGetValue(@event.GetType(), out var subscribers)) subscribers = Find(@event.GetType());
        foreach (var subscriber in subscribers) subscriber.Tell(@event, ActorRefs.NoSender);
    }

    internal bool HasSubscribers(Type type) => (_byEvent.TryGetValue(type, out var subscribers) ? subscribers : Find(type)).Length > 0;

    private IActorRef[] Find(Type type)
    {
        lock (_changes)
        {
            var found = new List<IActorRef>();
            foreach (var (subscriber, to) in _subscriptions)
            {
                if (to.IsAssignableFrom(type) && !found.Contains(subscriber)) found.Add(subscriber);
            }

            return _byEvent[type] = [.. found];
        }
    }

    private bool Remove(Predicate<(IActorRef Subscriber, Type To)> which)
    {
        lock (_changes)
        {
            var left = Array.FindAll(_subscriptions, s => !which(s));
            if (left.Length == _subscriptions.Length) return false;
            _subscriptions = left;
            _byEvent.Clear();
            return true;
        }
    }

    private void Trace(string what, IActorRef subscriber, Type channel)
    {
        if ((_system.Options.Debug & DebugEvents.EventStream) == 0) return;
        _system.PublishLog(new Debug("EventStream", typeof(EventStream), $"{what} {subscriber} {channel}"));
    }

    private sealed class Watcher(EventStream stream, ActorSystem system) : InternalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(system.Address) / "system" / "eventStream";

        public override ActorSystem System => system;

        public override void Tell(object message, IActorRef? sender) => system.DeadLetterOffice.Deliver(message, sender, this);

        public override void SendSystem(SystemMessage message)
        {
            if (message is DeathWatchNotification notification) stream.Unsubscribe(notification.Actor);
            else base.SendSystem(message);
        }
    }
}
