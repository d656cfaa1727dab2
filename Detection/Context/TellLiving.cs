namespace Picket.Detection.Context;

/// <summary>Asks /context for <see cref="LivingProcesses"/>. There is no answer while nothing has ended since.</summary>
/// <param name="Known">The version that the asker has; 0 for none.</param>
internal sealed record TellLiving(long Known);
