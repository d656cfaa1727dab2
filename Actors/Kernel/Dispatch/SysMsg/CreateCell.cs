namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>Make the first instance.</summary>
internal sealed class CreateCell : SystemMessage;
