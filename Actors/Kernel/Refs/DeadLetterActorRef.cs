using Picket.Actors.Event;

namespace Picket.Actors.Refs;

/// <summary>Where messages end that reach nobody: they are published on the event stream, and leases are given back after it.</summary>
internal sealed class DeadLetterActorRef(ActorSystem system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        if (message is AllDeadLetters letter)
        {
            system.EventStream.Publish(letter);
            ReleaseLease(letter.Message);
        }
        else
        {
            Deliver(message, sender, this);
        }
    }

    /// <summary>Ends a message whose receiver does not live.</summary>
    public void Deliver(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            // Its lease, if any, was given back when it was published; sending it round again would never end.
            case AllDeadLetters:
                return;
            case Identify identify:
                (sender ?? this).Tell(new ActorIdentity(identify.MessageId, null), recipient);
                return;

            // A timer dies with its actor; what it had sent already goes the same way.
            case Cells.TimerMessage:
                return;
        }

        try
        {
            var from = sender ?? this;
            system.EventStream.Publish(message is IDeadLetterSuppression suppressed
                ? new SuppressedDeadLetter(suppressed, from, recipient)
                : new DeadLetter(message, from, recipient));
        }
        finally
        {
            ReleaseLease(message);
        }
    }

    /// <summary>Gives a lease back; what Release throws is logged, for no handler is there to answer for it.</summary>
    public void ReleaseLease(object message)
    {
        if (message is not ILease lease) return;
        try
        {
            lease.Release();
        }
        catch (Exception e)
        {
            system.PublishLog(new Error(e, Path.ToString(), message.GetType(), "a lease could not be given back"));
        }
    }
}
