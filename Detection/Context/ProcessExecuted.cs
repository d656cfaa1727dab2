namespace Picket.Detection.Context;

/// <summary>To a process's actor: it executes something else.</summary>
internal sealed record ProcessExecuted(ProcessContext Context);
