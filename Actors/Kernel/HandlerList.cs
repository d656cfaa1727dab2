namespace Picket.Actors;

/// <summary>The handlers of one behaviour in order of declaration.</summary>
internal sealed class HandlerList
{
    private Entry[] _entries = [];
    private bool _closed;

    // hot
    public bool Handle(object message)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Kind.TryHandle(entry.Handler, entry.ShouldHandle, message)) return true;
        }

        return false;
    }

    public void Add<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Add(ActionHandler<T>.Instance, handler, shouldHandle);

    public void Add<T>(Func<T, bool> handler) => Add(FuncHandler<T>.Instance, handler);

    public void Add(Type messageType, Func<object, bool> handler) =>
        Add(FuncHandler<object>.Instance, handler, Narrow(messageType, null));

    /// <summary>Nothing can follow it.</summary>
    public void AddLast(Action<object> handler) => Add(ActionHandler<object>.Instance, handler, last: true);

    /// <exception cref="InvalidOperationException">A handler that takes any message was added before.</exception>
    public void Add(MessageHandler kind, Delegate handler, Delegate? shouldHandle = null, bool last = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_closed) throw new InvalidOperationException("no handler can follow one that takes any message");
        Array.Resize(ref _entries, _entries.Length + 1);
        _entries[^1] = new Entry(kind, handler, shouldHandle);
        _closed = last;
    }

    /// <summary>What <paramref name="also"/> takes of what is of a type.</summary>
    public static Predicate<object> Narrow(Type type, Predicate<object>? also)
    {
        ArgumentNullException.ThrowIfNull(type);
        return also is null ? type.IsInstanceOfType : message => type.IsInstanceOfType(message) && also(message);
    }

    /// <summary>The handlers that <paramref name="configure"/> declares while <paramref name="declaring"/> is a list of its own.</summary>
    public static Receive Declare(ref HandlerList? declaring, Action configure)
    {
        var outer = declaring;
        var handlers = declaring = new HandlerList();
        try
        {
            configure();
        }
        finally
        {
            declaring = outer;
        }

        return handlers.Handle;
    }

    private readonly record struct Entry(MessageHandler Kind, Delegate Handler, Delegate? ShouldHandle);
}
