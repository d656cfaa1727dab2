using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>
/// Makes a copy of the rule that is asked beside it, and applies steps to the copy: for events of another source that say the same. The
/// steps that follow apply to both.
/// </summary>
/// <param name="steps">What is applied to the copy.</param>
internal sealed class CopyRule(IReadOnlyList<PipelineItem> steps) : ITransformation
{
    private const int MostForms = 16;

    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms)
    {
        if (forms.Count == MostForms)
            throw new RuleException(work.Header.At, SigmaCodes.Limit, $"{step.Place} makes more than {MostForms} forms of the rule");
        List<RuleWork> copies = [work.Copy()];
        if (step.Id is not null) copies[0].Applied.Add(step.Id);
        PipelineItem.Apply(steps, copies);
        forms.AddRange(copies);
    }
}
