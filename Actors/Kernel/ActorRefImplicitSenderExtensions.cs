using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>Tell and Forward with the sender taken from the handler that is running.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells with the actor whose handler runs on this thread as the sender; with no sender outside of actors.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Passes a message on and keeps its sender. A lease that is the message being handled moves with it: the cell that
    /// handles it now will not give it back, the receiver's will.</summary>
    public static void Forward(this IActorRef receiver, object message)
    {
        var cell = ActorCell.Current;
        cell?.HandOver(message);
        receiver.Tell(message, cell?.SenderOrNull);
    }
}
