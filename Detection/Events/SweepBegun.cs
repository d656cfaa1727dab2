namespace Picket.Detection.Events;

/// <summary>To the context stage: a look at the kernel's list of processes begins; its records follow as slices.</summary>
public sealed record SweepBegun;
