namespace Picket.Detection.Sigma.Lint;

/// <summary>The codes of what is likely a mistake in a rule that is sound. They never change their meaning.</summary>
public static class LintCodes
{
    /// <summary>An item holds for whatever text the field has.</summary>
    public const string AnyValue = "lint-any-value";

    /// <summary>A wildcard stands where the modifier puts one anyway.</summary>
    public const string SpareWildcard = "lint-spare-wildcard";

    /// <summary>A wildcard says what a modifier says better.</summary>
    public const string WildcardForModifier = "lint-wildcard-for-modifier";

    /// <summary>A value is there twice.</summary>
    public const string DuplicateValue = "lint-duplicate-value";

    /// <summary>A condition counts selections of which there is one.</summary>
    public const string OneOfOne = "lint-one-of-one";

    /// <summary>An expression has no text that must be there, so that it is asked about every event.</summary>
    public const string RegexWithoutLiteral = "lint-regex-without-literal";

    /// <summary>An expression is a plain text.</summary>
    public const string PlainRegex = "lint-plain-regex";

    /// <summary>Events of the rule's category have no such field, on no system.</summary>
    public const string UnknownField = "lint-unknown-field";

    /// <summary>The rule does not say how grave it is.</summary>
    public const string NoLevel = "lint-no-level";

    /// <summary>The rule does not say how mature it is.</summary>
    public const string NoStatus = "lint-no-status";

    /// <summary>The title is too long for lists.</summary>
    public const string LongTitle = "lint-long-title";

    /// <summary>The rule was changed before it was written.</summary>
    public const string DateOrder = "lint-date-order";

    /// <summary>A tag is not <c>namespace.name</c> in lower case.</summary>
    public const string TagFormat = "lint-tag-format";

    /// <summary>Two rules have one title.</summary>
    public const string DuplicateTitle = "lint-duplicate-title";
}
