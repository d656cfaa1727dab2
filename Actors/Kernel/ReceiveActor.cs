namespace Picket.Actors;

/// <summary>
/// An actor whose handlers are declared by type in its constructor, or in the action given to Become. They are asked in the
/// order of declaration; the first that fits the type and its predicate handles the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private readonly HandlerList _initial = new();
    private HandlerList? _declaring;

    /// <summary>Declares nothing yet.</summary>
    protected ReceiveActor() { }

    /// <summary>The list that is open now: the first one in the constructor, another one in a Become.</summary>
    private HandlerList Declaring => _declaring ?? (IsBeingMade
        ? _initial
        : throw new InvalidOperationException("handlers can be declared in the constructor and inside Become only"));

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        if (!_initial.Handle(message)) Unhandled(message);
    }

    private protected sealed override Receive FirstBehavior() => _initial.Handle;

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    /// <exception cref="InvalidOperationException">It declares a handler after one that takes any message.</exception>
    protected void Become(Action configure) => Become(HandlerList.Declare(ref _declaring, configure));

    /// <summary>Stacks the handlers that <paramref name="configure"/> declares.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(HandlerList.Declare(ref _declaring, configure));

    /// <summary>Handles messages of type <typeparamref name="T"/>, where given only those the predicate takes.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Declaring.Add(handler, shouldHandle);

    /// <summary>Handles messages of type <typeparamref name="T"/> that the predicate takes.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of type <typeparamref name="T"/>; false passes one to the next handler.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Declaring.Add(handler);

    /// <summary>Handles messages of <paramref name="messageType"/>.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Receive(handler, HandlerList.Narrow(messageType, shouldHandle));

    /// <summary>Handles messages of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of <paramref name="messageType"/>; false passes one to the next handler.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Declaring.Add(messageType, handler);

    /// <summary>Handles what no handler before took; nothing may be declared after it.</summary>
    protected void ReceiveAny(Action<object> handler) => Declaring.AddLast(handler);

    /// <summary>Handles by a task; the next message waits until it has ended, and Sender and Context stay valid in it.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Declaring.Add(TaskHandler<T>.Instance, handler, shouldHandle);

    /// <summary>Handles by a task the messages that the predicate takes.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of <paramref name="messageType"/> by a task.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        ReceiveAsync(handler, HandlerList.Narrow(messageType, shouldHandle));

    /// <summary>Handles by a task the messages of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles by a task what no handler before took; nothing may be declared after it.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => Declaring.Add(TaskHandler<object>.Instance, handler, last: true);
}
