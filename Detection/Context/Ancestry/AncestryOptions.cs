namespace Picket.Detection.Context.Ancestry;

/// <summary>What is kept of the dead ancestors of the living, and how often it is written.</summary>
/// <param name="Interval">The least time between two writes; at least 1 s.</param>
/// <param name="MaxAncestors">Ancestors at most, the nearest first; at least 1.</param>
/// <param name="MaxBytes">Bytes of their programs and command lines at most, the nearest first.</param>
/// <param name="ChangesPerSnapshot">Changes after which the whole is written and the changes are deleted; at least 1.</param>
internal sealed record AncestryOptions(TimeSpan Interval, int MaxAncestors, long MaxBytes, int ChangesPerSnapshot);
