using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>What a step of a pipeline does to rules. Immutable.</summary>
internal interface ITransformation
{
    /// <summary>Does it.</summary>
    /// <param name="step">The step, with its conditions on items and fields; those on the rule hold.</param>
    /// <param name="work">The rule.</param>
    /// <param name="forms">Takes copies of the rule.</param>
    /// <exception cref="RuleException">The rule is refused, or the step cannot be applied to it.</exception>
    void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms);
}
