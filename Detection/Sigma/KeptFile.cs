using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma;

/// <summary>A file of rules or exclusions that was changed and has errors now: the version that was loaded before stays in force.</summary>
/// <param name="File">The file.</param>
/// <param name="Errors">What is wrong with it as it is on the disk, at least one.</param>
public sealed record KeptFile(string File, IReadOnlyList<SigmaError> Errors);
