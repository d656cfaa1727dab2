using Picket.Actors.Refs;

namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>A child or a watched actor has ended.</summary>
internal sealed class DeathWatchNotification(InternalActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public InternalActorRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;
}
