namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>Ends one Suspend; with a cause also the receiver's own failure.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure => causedByFailure;
}
