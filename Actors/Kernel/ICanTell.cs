namespace Picket.Actors;

/// <summary>Something that takes messages without waiting for them to be handled.</summary>
public interface ICanTell
{
    /// <summary>Hands <paramref name="message"/> over and returns at once; the receiver never runs on this stack.</summary>
    /// <param name="message">Any object but null.</param>
    /// <param name="sender">Who an answer goes to; null for nobody.</param>
    void Tell(object message, IActorRef? sender);
}
