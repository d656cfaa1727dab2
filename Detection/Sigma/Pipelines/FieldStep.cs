namespace Picket.Detection.Sigma.Pipelines;

/// <summary>One mapping of names, with the state of the pipeline when it was applied.</summary>
/// <param name="Item">What maps.</param>
/// <param name="State">The state.</param>
internal sealed record FieldStep(PipelineItem Item, IReadOnlyDictionary<string, string> State);
