namespace Picket.Detection.Context;

/// <summary>Asks /context for <see cref="KnownProcesses"/>.</summary>
/// <param name="Pids">The processes' numbers.</param>
/// <param name="PidNamespace">The namespace that the numbers are of; 0 for the kernel's own.</param>
internal sealed record TellProcesses(IReadOnlySet<int> Pids, uint PidNamespace);
