namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>The codes of errors and warnings. They are part of the machine-readable output and never change their meaning.</summary>
public static class SigmaCodes
{
    /// <summary>The file cannot be read.</summary>
    public const string File = "file";

    /// <summary>The text is not YAML.</summary>
    public const string Yaml = "yaml";

    /// <summary>A mapping has the same key twice.</summary>
    public const string DuplicateKey = "duplicate-key";

    /// <summary>A required key is absent.</summary>
    public const string MissingKey = "missing-key";

    /// <summary>A value has the wrong type or shape.</summary>
    public const string Type = "type";

    /// <summary>A value is not one of those that the specification lists.</summary>
    public const string Value = "value";

    /// <summary>A field name carries a modifier that does not exist.</summary>
    public const string UnknownModifier = "unknown-modifier";

    /// <summary>Modifiers that exist but cannot stand together, or not with this value.</summary>
    public const string ModifierUse = "modifier-use";

    /// <summary>The condition does not follow the grammar.</summary>
    public const string Condition = "condition";

    /// <summary>The condition names a selection that is not there, or a pattern that fits none.</summary>
    public const string UnknownSelection = "unknown-selection";

    /// <summary>A regular expression is malformed or uses what the matcher does not have.</summary>
    public const string Regex = "regex";

    /// <summary>A network is not written as CIDR.</summary>
    public const string Cidr = "cidr";

    /// <summary>
    /// A placeholder (modifier <c>expand</c>) has no values. A warning: the rule or filter takes no part until a pipeline gives them; in an
    /// exclusion an error.
    /// </summary>
    public const string Placeholder = "placeholder";

    /// <summary>A pipeline refuses the rule, or cannot be applied to it.</summary>
    public const string Pipeline = "pipeline";

    /// <summary>A pipeline has a step that is known and has no meaning here.</summary>
    public const string UnsupportedStep = "pipeline-unsupported";

    /// <summary>The rule is larger than a rule may be.</summary>
    public const string Limit = "limit";

    /// <summary>The old aggregation syntax (<c>| count() ...</c>, <c>timeframe</c>), which correlation rules replaced.</summary>
    public const string Aggregation = "aggregation-unsupported";

    /// <summary>A section has a key that it cannot have.</summary>
    public const string UnknownKey = "unknown-key";

    /// <summary>A correlation rule or filter names a rule that is not there, or one that cannot be used.</summary>
    public const string UnknownRule = "unknown-rule";

    /// <summary>A correlation rule names another by a name that several have.</summary>
    public const string AmbiguousRule = "ambiguous-rule";

    /// <summary>Correlation rules that wait for each other.</summary>
    public const string CorrelationCycle = "correlation-cycle";

    /// <summary>A correlation rule without group-by. A warning.</summary>
    public const string NoGroup = "no-group";

    /// <summary>A filter that keeps what its selections match, where it is likely to be meant to leave it out. A warning.</summary>
    public const string FilterKeeps = "filter-keeps";

    /// <summary>A filter that applies to a rule of another log source, to a correlation rule or to no rule. A warning.</summary>
    public const string FilterIdle = "filter-idle";

    /// <summary>A collection action (<c>action: global</c> and the like): recognised, not supported. A warning.</summary>
    public const string Action = "action-unsupported";

    /// <summary>Two rules share an id. A warning; both run.</summary>
    public const string DuplicateId = "duplicate-id";

    /// <summary>A selection that no condition uses. A warning.</summary>
    public const string UnusedSelection = "unused-selection";

    /// <summary>The rule has no id; its content stands in for it. A warning.</summary>
    public const string NoId = "no-id";

    /// <summary>A modifier without effect, such as <c>all</c> on one value. A warning.</summary>
    public const string Idle = "no-effect";

    /// <summary>An exclusion whose last day is over: it is not applied. A warning.</summary>
    public const string ExclusionExpired = "exclusion-expired";

    /// <summary>An exclusion names a rule that is not there. A warning.</summary>
    public const string ExclusionUnknownRule = "exclusion-unknown-rule";
}
