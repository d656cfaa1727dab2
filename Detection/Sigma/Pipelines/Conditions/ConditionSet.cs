using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>Conditions of one kind and how they are joined; without any it holds for everything.</summary>
/// <param name="tests">The conditions by name.</param>
/// <param name="joined">How they are joined, over the names.</param>
/// <param name="negated">Whether the whole is turned round.</param>
internal sealed class ConditionSet<T>(IReadOnlyDictionary<string, Predicate<T>> tests, ConditionNode joined, bool negated)
{
    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => tests.Count == 0;

    public bool Hold(T subject) => IsEmpty || Hold(joined, subject) != negated;

    private bool Hold(ConditionNode node, T subject) => node switch
    {
        ConditionNode.And and => and.Parts.All(part => Hold(part, subject)),
        ConditionNode.Or or => or.Parts.Any(part => Hold(part, subject)),
        ConditionNode.Not not => !Hold(not.Part, subject),
        ConditionNode.SelectionName named => tests[named.Selection](subject),
        ConditionNode.AtLeast some => some.Selections.Count(name => tests[name](subject)) >= some.Count,
        _ => throw new InvalidOperationException($"a condition of type {node.GetType().Name}"),
    };
}
