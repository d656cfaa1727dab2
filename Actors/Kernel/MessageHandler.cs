namespace Picket.Actors;

/// <summary>How one kind of handler is tried. Without state, so that all actors share it and keep no more than their delegates.</summary>
internal abstract class MessageHandler
{
    /// <summary>True when the message is of the type, passes the predicate and was handled.</summary>
    public abstract bool TryHandle(Delegate handler, Delegate? shouldHandle, object message);
}
