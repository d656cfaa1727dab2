namespace Picket.Actors;

/// <summary>The refs that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>No sender: the handler then sees dead letters as its Sender.</summary>
    public static readonly IActorRef? NoSender;

    /// <summary>An actor that does not exist, where null would not do.</summary>
    public static readonly IActorRef Nobody = Refs.Nobody.Instance;
}
