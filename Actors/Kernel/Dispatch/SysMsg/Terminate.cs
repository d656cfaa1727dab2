namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>End.</summary>
internal sealed class Terminate : SystemMessage;
