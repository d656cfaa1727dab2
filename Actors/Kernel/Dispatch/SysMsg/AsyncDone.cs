namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>The task of an asynchronous handler has ended.</summary>
internal sealed class AsyncDone(Task task) : SystemMessage
{
    public Task Task => task;
}
