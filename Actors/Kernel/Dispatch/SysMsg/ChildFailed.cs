using Picket.Actors.Refs;

namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>A child tells its supervisor that it failed and is suspended.</summary>
internal sealed class ChildFailed(LocalActorRef child, Exception cause) : SystemMessage
{
    public LocalActorRef Child => child;

    public Exception Cause => cause;
}
