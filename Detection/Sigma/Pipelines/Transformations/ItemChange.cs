using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Changes items one by one, each by itself.</summary>
/// <param name="change">Gives the items that must match instead; null leaves it, none takes it away.</param>
internal sealed class ItemChange(Func<PipelineItem, DetectionItem, IReadOnlyList<DetectionItem>?> change) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms) => step.Rewrite(work, item =>
    {
        if (!step.TakesField(item.Item.Field, item.Applied, work) || change(step, item.Item) is not { } changed) return null;
        return changed.Count == 0 ? [] : [[.. changed.Select(item.With)]];
    });
}
