namespace Picket.Actors.Persistence;

/// <summary>
/// A persistent actor whose handlers for commands and for replayed events are declared by type in its constructor; those for commands also
/// in the action given to Become. They are asked in the order of declaration.
/// </summary>
public abstract class ReceivePersistentActor : Eventsourced
{
    private readonly HandlerList _commands = new();
    private readonly HandlerList _recoveries = new();
    private HandlerList? _declaring;

    /// <summary>The list that is open for commands: the first one in the constructor, another one in a Become.</summary>
    private HandlerList Commands => _declaring ?? (IsBeingMade ? _commands : throw TooLate());

    private HandlerList Recoveries => IsBeingMade ? _recoveries : throw TooLate();

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message) => _commands.Handle(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message) => _recoveries.Handle(message);

    /// <summary>Replaces the behaviour by the command handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Become(HandlerList.Declare(ref _declaring, configure));

    /// <summary>Stacks the command handlers that <paramref name="configure"/> declares.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(HandlerList.Declare(ref _declaring, configure));

    /// <summary>Applies what is of type <typeparamref name="T"/>, where given only what the predicate takes.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recoveries.Add(handler, shouldHandle);

    /// <summary>Applies what is of type <typeparamref name="T"/> and what the predicate takes.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Applies what is of type <typeparamref name="T"/>; false passes it to the next handler.</summary>
    protected void Recover<T>(Func<T, bool> handler) => Recoveries.Add(handler);

    /// <summary>Applies what is of <paramref name="messageType"/>.</summary>
    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Recoveries.Add(handler, HandlerList.Narrow(messageType, shouldHandle));

    /// <summary>Applies what is of <paramref name="messageType"/> and what the predicate takes.</summary>
    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recover(messageType, handler, shouldHandle);

    /// <summary>Applies what is of <paramref name="messageType"/>; false passes it to the next handler.</summary>
    protected void Recover(Type messageType, Func<object, bool> handler) =>
        Recoveries.Add(messageType, handler);

    /// <summary>Applies what no handler before took, snapshots and <see cref="RecoveryCompleted"/> too.</summary>
    protected void RecoverAny(Action<object> handler) =>
        Recoveries.AddLast(handler);

    /// <summary>Handles commands of type <typeparamref name="T"/>, where given only those the predicate takes.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(handler, shouldHandle);

    /// <summary>Handles commands of type <typeparamref name="T"/> that the predicate takes.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Handles commands of type <typeparamref name="T"/>; false passes one to the next handler.</summary>
    protected void Command<T>(Func<T, bool> handler) => Commands.Add(handler);

    /// <summary>Handles commands of <paramref name="messageType"/>.</summary>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(handler, HandlerList.Narrow(messageType, shouldHandle));

    /// <summary>Handles commands of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Command(messageType, handler, shouldHandle);

    /// <summary>Handles commands of <paramref name="messageType"/>; false passes one to the next handler.</summary>
    protected void Command(Type messageType, Func<object, bool> handler) =>
        Commands.Add(messageType, handler);

    /// <summary>Handles what no handler before took; nothing may be declared after it.</summary>
    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Handles what no handler before took; nothing may be declared after it.</summary>
    protected void CommandAny(Action<object> handler) => Commands.AddLast(handler);

    /// <summary>Handles by a task; the next message waits until it has ended and what it persisted has been handled.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) => Command(Wrap(handler), shouldHandle);

    /// <summary>Handles by a task the commands that the predicate takes.</summary>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => Command(Wrap(handler), shouldHandle);

    /// <summary>Handles commands of <paramref name="messageType"/> by a task.</summary>
    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Command(messageType, Wrap(handler), shouldHandle);

    /// <summary>Handles by a task the commands of <paramref name="messageType"/> that the predicate takes.</summary>
    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Command(messageType, Wrap(handler), shouldHandle);

    /// <summary>Handles by a task what no handler before took; nothing may be declared after it.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(Wrap(handler));

    private static InvalidOperationException TooLate() =>
        new("handlers can be declared in the constructor, and those for commands inside Become");

    private Action<T> Wrap<T>(Func<T, Task> handler) => message => RunTask(() => handler(message));
}
