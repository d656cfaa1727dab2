namespace Picket.Actors;

/// <summary>Something that can be told of an actor's end.</summary>
public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when <paramref name="subject"/> has stopped, at once when it has already.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of one's own in place of Terminated.</summary>
    /// <exception cref="InvalidOperationException">The subject is watched already with another message.</exception>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Ends a watch; a Terminated still in the mailbox is not delivered.</summary>
    IActorRef Unwatch(IActorRef subject);
}
