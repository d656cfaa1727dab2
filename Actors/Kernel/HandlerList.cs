namespace Picket.Actors;

/// <summary>The handlers of one behaviour in order of declaration.</summary>
internal sealed class HandlerList
{
    private MessageHandler[] _handlers = [];
    private bool _closed;

    // hot
    public bool Handle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler.TryHandle(message)) return true;
        }

        return false;
    }

    public void Add(MessageHandler handler)
    {
        if (_closed) throw new InvalidOperationException("no handler can follow one that takes any message");
        _handlers = [.. _handlers, handler];
    }

    public void AddLast(MessageHandler handler)
    {
        Add(handler);
        _closed = true;
    }
}
