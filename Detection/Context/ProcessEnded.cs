namespace Picket.Detection.Context;

/// <summary>To a process's actor: it ended.</summary>
internal sealed record ProcessEnded(ulong TimeNs);
