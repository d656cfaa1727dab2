namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>A place in a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal readonly record struct Place(int Line, int Column);
