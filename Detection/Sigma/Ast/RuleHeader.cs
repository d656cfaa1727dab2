using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>Everything of a rule that does not decide whether it matches.</summary>
internal sealed record RuleHeader
{
    public required string Title { get; init; }

    public required Place At { get; init; }

    public required SigmaLogSource LogSource { get; init; }

    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Taxonomy { get; init; }

    public string? Status { get; init; }

    public string? Level { get; init; }

    public string? Author { get; init; }

    public string? Description { get; init; }

    public string? License { get; init; }

    public string? Date { get; init; }

    public string? Modified { get; init; }

    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    public IReadOnlyList<string> Fields { get; init; } = [];

    public IReadOnlyList<string> Scope { get; init; } = [];

    public IReadOnlyList<RelatedRule> Related { get; init; } = [];
}
