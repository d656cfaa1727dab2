using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>How rules are read.</summary>
public sealed record SigmaLoadOptions
{
    /// <summary>Values for the placeholders of the modifier <c>expand</c>, by name without percent signs; wildcards count.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>
    /// How long one regular expression may work on one value before that counts as a failure of the rule; more than zero.
    /// </summary>
    public TimeSpan RegexTimeLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Asked about each file before it is read, by several threads at once: why it must not be used, or null when it may. Null asks
    /// nobody.
    /// </summary>
    public Func<string, string?>? Refusal { get; init; }

    /// <summary>
    /// Pipelines that change rules before they are compiled, as for fields that events call by other names: names of
    /// <see cref="BundledPipelines"/>, and files.
    /// </summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>
    /// On how many threads rules are read and compiled, 1 or more: few, since a host that is watched has other work. The outcome is the
    /// same on any number.
    /// </summary>
    public int Threads { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>Whether to look for likely mistakes in sound rules, too: warnings with the codes of <see cref="Lint.LintCodes"/>.</summary>
    public bool Lints { get; init; }

    /// <summary>Files of exclusions, which are compiled into the rules that they name.</summary>
    public IReadOnlyList<string> Exclusions { get; init; } = [];

    /// <summary>The files of exclusions and those pipelines that are files.</summary>
    public IEnumerable<string> OtherFiles => [.. Exclusions, .. Pipelines.Where(name => !BundledPipelines.Contains(name))];

    /// <summary>Says what day it is, by which exclusions expire. They are looked at when rules are loaded.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
