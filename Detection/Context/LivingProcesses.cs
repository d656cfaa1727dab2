namespace Picket.Detection.Context;

/// <summary>All processes that live.</summary>
/// <param name="Version">Grows when one of them has ended.</param>
/// <param name="Contexts">What is known of each.</param>
internal sealed record LivingProcesses(long Version, IReadOnlyList<ProcessContext> Contexts);
