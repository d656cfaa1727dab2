namespace Picket.Detection.Context.Hashing;

/// <summary>A file cannot be read to its end, as when its disk or server does not answer; those behind it wait.</summary>
/// <param name="For">How long it has been read.</param>
public sealed record HashingStalled(TimeSpan For);
