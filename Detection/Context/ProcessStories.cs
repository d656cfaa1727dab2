using Picket.Actors;

namespace Picket.Detection.Context;

/// <summary>How an engine's actor reaches the context stage, which is started after it.</summary>
public sealed class ProcessStories
{
    private IActorRef? _listener;

    /// <summary>The context stage; null before it is there.</summary>
    public IActorRef? Listener
    {
        get => Volatile.Read(ref _listener);
        set => Volatile.Write(ref _listener, value);
    }

    /// <summary>Adds a match to its process's story.</summary>
    public void Tell(ProcessMatched matched) => Listener?.Tell(matched, ActorRefs.NoSender);
}
