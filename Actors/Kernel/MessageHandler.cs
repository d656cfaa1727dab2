namespace Picket.Actors;

/// <summary>One declared handler.</summary>
internal abstract class MessageHandler
{
    public abstract bool TryHandle(object message);
}
