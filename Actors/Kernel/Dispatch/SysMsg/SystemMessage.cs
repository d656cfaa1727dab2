namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>A message of the kernel to a cell. It is its own list node, so an instance is sent once.</summary>
internal abstract class SystemMessage
{
    /// <summary>Head of a lane that takes no more.</summary>
    public static readonly SystemMessage Sealed = new Seal();

    public SystemMessage? Next;

    private sealed class Seal : SystemMessage;
}
