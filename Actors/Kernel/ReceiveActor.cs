namespace Picket.Actors;

/// <summary>
/// An actor whose handlers are declared by type in its constructor, or in the action given to Become. They are asked in the
/// order of declaration; the first that fits the type and its predicate handles the message.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    private readonly HandlerList _initial = new();
    private HandlerList _declaring;

    /// <summary>Declares nothing yet.</summary>
    protected ReceiveActor() => _declaring = _initial;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => _initial.Handle(message);

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Become(Declare(configure));

    /// <summary>Stacks the handlers that <paramref name="configure"/> declares.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(Declare(configure));

    /// <summary>Handles messages of type <typeparamref name="T"/>, where given only those the predicate takes.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        _declaring.Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Handles messages of type <typeparamref name="T"/> that the predicate takes.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of type <typeparamref name="T"/>; false passes one to the next handler.</summary>
    protected void Receive<T>(Func<T, bool> handler) => _declaring.Add(new FuncHandler<T>(handler));

    /// <summary>Handles messages of <paramref name="messageType"/>.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        _declaring.Add(new ActionHandler<object>(handler, Narrow(messageType, shouldHandle)));

    /// <summary>Handles messages of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of <paramref name="messageType"/>; false passes one to the next handler.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) =>
        _declaring.Add(new FuncHandler<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    /// <summary>Handles what no handler before took; nothing may be declared after it.</summary>
    protected void ReceiveAny(Action<object> handler) => _declaring.AddLast(new ActionHandler<object>(handler, null));

    /// <summary>Handles by a task; the next message waits until it has ended, and Sender and Context stay valid in it.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        _declaring.Add(new ActionHandler<T>(message => RunAsync(handler, message), shouldHandle));

    /// <summary>Handles by a task the messages that the predicate takes.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of <paramref name="messageType"/> by a task.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        _declaring.Add(new ActionHandler<object>(message => RunAsync(handler, message), Narrow(messageType, shouldHandle)));

    /// <summary>Handles by a task the messages of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles by a task what no handler before took; nothing may be declared after it.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        _declaring.AddLast(new ActionHandler<object>(message => RunAsync(handler, message), null));

    private static Predicate<object> Narrow(Type type, Predicate<object>? also) =>
        also is null ? type.IsInstanceOfType : message => type.IsInstanceOfType(message) && also(message);

    private Receive Declare(Action configure)
    {
        var outer = _declaring;
        var handlers = _declaring = new HandlerList();
        try
        {
            configure();
        }
        finally
        {
            _declaring = outer;
        }

        return handlers.Handle;
    }
}
