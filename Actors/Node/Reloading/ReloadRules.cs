namespace Picket.Node.Reloading;

/// <summary>To /rules: read the files again. Whoever asks is told the <see cref="ReloadOutcome"/>.</summary>
/// <param name="Cause">Who asks for it, for people.</param>
internal sealed record ReloadRules(string Cause);
