using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma;

/// <summary>Rules as they were found, and what was wrong with those that cannot be used.</summary>
/// <param name="Rules">The sound rules, in the order of files and documents.</param>
/// <param name="Errors">Why other rules or files were left out.</param>
/// <param name="Warnings">What authors would want to know; documents that are recognised but not supported are among them.</param>
/// <remarks>Rules name each other whatever file they are in: a set is read whole, or references lead nowhere.</remarks>
public sealed record SigmaRuleSet(
    IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaError> Errors, IReadOnlyList<SigmaWarning> Warnings)
{
    /// <summary>The sound correlation rules, in the order of files and documents.</summary>
    public IReadOnlyList<CorrelationRule> Correlations { get; init; } = [];

    /// <summary>The files behind it; none where it was not read from files.</summary>
    internal RuleSources Sources { get; init; } = new([], [], [], [], default);

    /// <summary>Files of which something may be said and which have no rules: pipelines and exclusions.</summary>
    public IReadOnlySet<string> OtherFiles { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Reads files, and all <c>.yml</c> and <c>.yaml</c> files below folders.</summary>
    public static SigmaRuleSet Load(IEnumerable<string> paths, SigmaLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new SigmaLoadOptions();
        return RuleSources.Find(paths, options).Build(options);
    }

    /// <summary>Reads the rules of one text.</summary>
    /// <param name="text">YAML, one or more documents.</param>
    /// <param name="file">The name that errors and alerts give.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    public static SigmaRuleSet Parse(string text, string file, SigmaLoadOptions? options = null)
    {
        options ??= new SigmaLoadOptions();
        var builder = new RuleSetBuilder(options, RuleSources.Find([], options));
        builder.Add(text, new IssueList(file));
        return builder.Finish();
    }
}
