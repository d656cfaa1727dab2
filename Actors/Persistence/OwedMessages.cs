using Picket.Actors.Refs;

namespace Picket.Actors.Persistence;

/// <summary>Answers that an actor waits for.</summary>
internal static class OwedMessages
{
    /// <summary>Tells an actor what it waits for; a bounded mailbox cannot refuse it, or the actor would wait for ever.</summary>
    public static void Owe(this IActorRef actor, object message, IActorRef? sender = null)
    {
        if (actor is not LocalActorRef local) actor.Tell(message, sender);
        else if (!local.Mailbox.PostUnbounded(message, sender)) local.System.DeadLetterOffice.Deliver(message, sender, local);
    }
}
