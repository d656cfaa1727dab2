using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>One correlation rule as it is written; the rules that it names are not looked up yet.</summary>
internal sealed record CorrelationSyntax
{
    public required RuleHeader Header { get; init; }

    /// <summary>Where the section <c>correlation</c> starts.</summary>
    public required Place At { get; init; }

    public required CorrelationType Type { get; init; }

    /// <summary>The rules, at least one, each once.</summary>
    public required IReadOnlyList<RuleReference> Rules { get; init; }

    /// <summary>Fields or aliases whose values all events of a group share; none for one group of all events.</summary>
    public required IReadOnlyList<string> GroupBy { get; init; }

    public required IReadOnlyList<FieldAlias> Aliases { get; init; }

    public required TimeSpan Timespan { get; init; }

    /// <summary>All must hold; at least one.</summary>
    public required IReadOnlyList<CorrelationCriterion> Criteria { get; init; }

    /// <summary>An expression over the rules that are there, by the names in <see cref="Rules"/>; null where counts are compared.</summary>
    public ConditionNode? Expression { get; init; }

    /// <summary>The fields that the condition is about, whose values count together; none for types that ask for no value.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Which percentile, 0 to 100.</summary>
    public required double Percentile { get; init; }

    /// <summary>Whether the rules alert by themselves as well.</summary>
    public required bool Generate { get; init; }
}
