namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>What follows an await of an asynchronous handler.</summary>
internal sealed class Continuation(SendOrPostCallback callback, object? state) : SystemMessage
{
    public void Run() => callback(state);
}
