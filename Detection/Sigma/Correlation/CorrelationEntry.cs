namespace Picket.Detection.Sigma.Correlation;

/// <summary>One entry of the journal of correlations.</summary>
/// <param name="Correlation">The correlation's tag.</param>
/// <param name="Occurrence">The match.</param>
/// <param name="Fired">The window that the match completed; null where the entry says that it was taken.</param>
internal readonly record struct CorrelationEntry(ulong Correlation, Occurrence Occurrence, FiredWindow? Fired);
