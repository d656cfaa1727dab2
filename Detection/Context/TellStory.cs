namespace Picket.Detection.Context;

/// <summary>Asks a process's actor for its <see cref="ProcessStory"/>.</summary>
public sealed record TellStory;
