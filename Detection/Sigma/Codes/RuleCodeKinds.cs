namespace Picket.Detection.Sigma.Codes;

/// <summary>As what a code is said.</summary>
[Flags]
public enum RuleCodeKinds
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>The verdict itself: whether a rule can fire.</summary>
    Verdict = 1,

    /// <summary>Why a sound rule is degraded or can never fire.</summary>
    Reason = 2,

    /// <summary>Why a rule, an exclusion, a pipeline or a whole file is left out; a rule can never fire for that reason, then.</summary>
    Error = 4,

    /// <summary>What the author of a rule would want to know, though the rule works.</summary>
    Warning = 8,

    /// <summary>A likely mistake, said where it is asked for.</summary>
    Lint = 16,
}
