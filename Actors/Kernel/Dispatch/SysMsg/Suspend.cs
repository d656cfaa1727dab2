namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>Handle no user messages until resumed; these nest.</summary>
internal sealed class Suspend : SystemMessage;
