namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Applies steps, all under the conditions of one.</summary>
/// <param name="steps">The steps.</param>
internal sealed class Nest(IReadOnlyList<PipelineItem> steps) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms)
    {
        List<RuleWork> own = [work];
        PipelineItem.Apply(steps, own);
        forms.AddRange(own.Skip(1));
    }
}
