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

    /// <exception cref="InvalidOperationException">A handler that takes any message was added before.</exception>
    public void Add(MessageHandler kind, Delegate handler, Delegate? shouldHandle = null, bool last = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_closed) throw new InvalidOperationException("no handler can follow one that takes any message");
        Array.Resize(ref _entries, _entries.Length + 1);
        _entries[^1] = new Entry(kind, handler, shouldHandle);
        _closed = last;
    }

    private readonly record struct Entry(MessageHandler Kind, Delegate Handler, Delegate? ShouldHandle);
}
