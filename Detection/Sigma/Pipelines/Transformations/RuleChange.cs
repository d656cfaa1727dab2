namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Changes a rule as a whole.</summary>
/// <param name="change">Does it.</param>
internal sealed class RuleChange(Action<PipelineItem, RuleWork> change) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms) => change(step, work);
}
