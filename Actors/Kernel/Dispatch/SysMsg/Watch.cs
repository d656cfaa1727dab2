using Picket.Actors.Refs;

namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>Tell the watcher when you end.</summary>
internal sealed class Watch(InternalActorRef watchee, InternalActorRef watcher) : SystemMessage
{
    public InternalActorRef Watchee => watchee;

    public InternalActorRef Watcher => watcher;
}
