namespace Picket.Detection.Sigma.Pipelines;

/// <summary>A sound pipeline.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Priority">Those with a lower one go first.</param>
/// <param name="Variables">Lists of values by name, for placeholders.</param>
/// <param name="Items">The steps in their order.</param>
internal sealed record SigmaPipeline(
    string Name, int Priority, IReadOnlyDictionary<string, IReadOnlyList<string>> Variables, IReadOnlyList<PipelineItem> Items);
