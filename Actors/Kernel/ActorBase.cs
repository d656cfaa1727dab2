using Picket.Actors.Cells;
using Picket.Actors.Event;

namespace Picket.Actors;

/// <summary>
/// An actor: state and behaviour that only its own messages touch, one at a time. Made by the kernel alone; failures go to
/// the supervisor, which may replace the instance and keep ref and mailbox.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;
    private Receive? _receive;
    private SupervisorStrategy? _strategy;

    /// <summary>Called by the kernel in the actor's first turn.</summary>
    /// <exception cref="ActorInitializationException">Called by anyone else.</exception>
    protected ActorBase()
    {
        _cell = ActorCell.Current is { Incarnating: true } cell
            ? cell
            : throw new ActorInitializationException($"{GetType()} is made by ActorOf, not by its constructor");
    }

    /// <summary>The context of the handler that runs on this thread.</summary>
    /// <exception cref="NotSupportedException">No handler runs on this thread.</exception>
    protected static IActorContext Context =>
        ActorCell.Current ?? throw new NotSupportedException(
            "there is no actor context here: use it inside a handler, and after an await only in ReceiveAsync");

    /// <summary>The actor's own ref.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>Sender of the message being handled; dead letters where it has none.</summary>
    protected IActorRef Sender => _cell.Sender;

    internal Receive InitialBehavior => _receive ??= FirstBehavior();

    /// <summary>True while handlers may be declared: in the constructor.</summary>
    private protected bool IsBeingMade => _cell.Incarnating;

    internal SupervisorStrategy EffectiveStrategy => _strategy ??= _cell.Props.SupervisorStrategy ?? SupervisorStrategy();

    /// <summary>Handles one message. False makes it unhandled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>How failures of the children are answered.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.DefaultStrategy;

    /// <summary>Before the first message of the first incarnation; of later ones too, unless PostRestart is overridden.</summary>
    protected virtual void PreStart() { }

    /// <summary>After the last message. Nothing of the actor runs after it.</summary>
    protected virtual void PostStop() { }

#nullable disable annotations // An actor may override these with or without "object?".
    /// <summary>On the failed instance, before it is replaced. Stops the children and calls PostStop; an override that does not
    /// call this keeps the children, which are then restarted with their parent.</summary>
    /// <param name="reason">What it threw, or what a sibling did.</param>
    /// <param name="message">What it was handling, or null.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Wraps <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    /// <summary>Wraps <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);
#nullable restore annotations

    /// <summary>On the new instance. Calls PreStart.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>A message that no handler took: published as <see cref="UnhandledMessage"/>.</summary>
    /// <exception cref="DeathPactException">The message was <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
        _cell.Trace(DebugEvents.Unhandled, "unhandled message", message);
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Puts a behaviour on the stack.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Asks for <see cref="ReceiveTimeout"/> after so long without a message; null ends it.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>Wraps each call of a behaviour; a base class of actors may look at every message here.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message)) return true;
        Unhandled(message);
        return false;
    }

    /// <summary>Wraps <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Wraps <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>The way in for the cell: what an actor may override stays protected.</summary>
    // hot
    internal bool Handle(Receive receive, object message) => AroundReceive(receive, message);

    private protected virtual Receive FirstBehavior() => Receive;

    private protected void RunAsync<T>(Func<T, Task> handler, T message) => _cell.RunAsync(handler, message);
}
