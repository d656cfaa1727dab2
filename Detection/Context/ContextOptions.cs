namespace Picket.Detection.Context;

/// <summary>How the context stage works.</summary>
/// <param name="Linger">How long an ended process is still found by late records; at least zero.</param>
/// <param name="StoryLinger">How long the actor of an ended process that matched a rule stays; at least zero.</param>
public sealed record ContextOptions(TimeSpan Linger, TimeSpan StoryLinger);
