namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>What gives fields other names.</summary>
internal interface IFieldMapping
{
    /// <summary>The names of a field, at least one; null leaves it as it is.</summary>
    /// <param name="field">The name; null for keywords.</param>
    IReadOnlyList<string>? Map(string? field);
}
