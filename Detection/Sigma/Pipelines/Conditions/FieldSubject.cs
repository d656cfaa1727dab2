namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>What conditions on fields are about.</summary>
/// <param name="Field">The field's name now; null for keywords.</param>
/// <param name="Applied">Ids of what was applied to it.</param>
/// <param name="State">The pipeline's state.</param>
internal readonly record struct FieldSubject(string? Field, IReadOnlySet<string> Applied, IReadOnlyDictionary<string, string> State);
