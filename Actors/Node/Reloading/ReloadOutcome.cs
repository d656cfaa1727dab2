using Picket.Detection.Sigma;

namespace Picket.Node.Reloading;

/// <summary>How one reload ended.</summary>
/// <param name="At">When.</param>
/// <param name="Cause">Who asked for it, for people.</param>
/// <param name="Result">What it came to.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="Kept">Files that have errors now and are in force as they were before.</param>
internal sealed record ReloadOutcome(
    DateTimeOffset At, string Cause, ReloadResult Result, string Message, IReadOnlyList<KeptFile> Kept);
