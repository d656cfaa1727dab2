namespace Picket.Detection.Context;

/// <summary>What rules ask of a process's parent. It holds no ancestors, so that it may be kept as long as the child.</summary>
/// <param name="Program">What the parent executed when it forked.</param>
/// <param name="Names">Its names.</param>
internal sealed record ParentFacts(ProgramImage Program, ProcessNames Names);
