using Picket.Actors.Refs;

namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>Do not tell the watcher.</summary>
internal sealed class Unwatch(InternalActorRef watcher) : SystemMessage
{
    public InternalActorRef Watcher => watcher;
}
