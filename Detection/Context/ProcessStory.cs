namespace Picket.Detection.Context;

/// <summary>The answer to <see cref="TellStory"/>.</summary>
/// <param name="Context">The process as it stands.</param>
/// <param name="Steps">Its story, oldest step first; the last <c>32</c> steps.</param>
public sealed record ProcessStory(ProcessContext Context, IReadOnlyList<ProcessStep> Steps);
