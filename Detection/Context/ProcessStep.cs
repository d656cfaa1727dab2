namespace Picket.Detection.Context;

/// <summary>One step of a process's story.</summary>
/// <param name="TimeNs">When: boot time in nanoseconds.</param>
/// <param name="Text">What happened, for people.</param>
public sealed record ProcessStep(ulong TimeNs, string Text);
