namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>What conditions on items are about.</summary>
/// <param name="Item">The item.</param>
/// <param name="State">The pipeline's state.</param>
internal readonly record struct ItemSubject(WorkItem Item, IReadOnlyDictionary<string, string> State);
