namespace Picket.Detection.Context;

/// <summary>The values of a process that rules and alerts read as text, made once per process and change of credentials.</summary>
/// <param name="Pid">The process id's digits.</param>
/// <param name="ParentPid">The parent's process id's digits; empty when it has none.</param>
/// <param name="User">The effective account's name or number.</param>
/// <param name="LoginUser">The login account's name or number; empty when unset.</param>
/// <param name="LogonId">The real user id's digits.</param>
/// <param name="TerminalSessionId">The audit session's digits; empty when unset.</param>
/// <param name="EntityId">The process's entity id: unique over hosts and boots.</param>
internal sealed record ProcessNames(byte[] Pid, byte[] ParentPid, byte[] User, byte[] LoginUser, byte[] LogonId,
    byte[] TerminalSessionId, byte[] EntityId);
