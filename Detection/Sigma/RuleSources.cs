using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>The files that a set of rules was made of, in their order, with their texts.</summary>
/// <param name="Rules">Files of rules.</param>
/// <param name="Exclusions">Files of exclusions.</param>
/// <param name="Pipelines">Pipelines, bundled ones among them.</param>
/// <param name="Errors">What was wrong with paths.</param>
/// <param name="Day">The day by UTC, on which it was decided which exclusions have expired.</param>
internal sealed record RuleSources(
    IReadOnlyList<RuleSource> Rules, IReadOnlyList<RuleSource> Exclusions, IReadOnlyList<RuleSource> Pipelines,
    IReadOnlyList<SigmaError> Errors, DateOnly Day)
{
    /// <summary>All of them.</summary>
    public IEnumerable<RuleSource> All => [.. Rules, .. Exclusions, .. Pipelines];

    /// <summary>Finds and reads the files of <paramref name="paths"/>, of the exclusions and of the pipelines.</summary>
    public static RuleSources Find(IEnumerable<string> paths, SigmaLoadOptions options)
    {
        var errors = new List<SigmaError>();
        var files = RuleFiles.Find(paths, errors);
        var rules = new RuleSource[files.Count];
        RuleWorkers.Each(options.Threads, files.Count, i => rules[i] = RuleSource.Read(files[i], options.Refusal));
        var exclusions = options.Exclusions.Select(file => RuleSource.Read(file, options.Refusal)).ToList();
        var pipelines = options.Pipelines.Select(name => PipelineSet.Find(name, options.Refusal)).ToList();
        return new RuleSources(rules, exclusions, pipelines, errors, DateOnly.FromDateTime(options.Time.GetUtcNow().UtcDateTime));
    }

    /// <summary>Makes a set of them.</summary>
    public SigmaRuleSet Build(SigmaLoadOptions options)
    {
        var builder = new RuleSetBuilder(options, this);
        builder.Errors.AddRange(Errors);
        builder.Add(Rules);
        return builder.Finish() with { Sources = this };
    }

    /// <summary>Whether the same set would be made of others.</summary>
    public bool IsSame(RuleSources other) => AreSame(Rules, other.Rules) && AreSame(Exclusions, other.Exclusions)
        && AreSame(Pipelines, other.Pipelines) && (Exclusions.Count == 0 || Day == other.Day);

    private static bool AreSame(IReadOnlyList<RuleSource> some, IReadOnlyList<RuleSource> others) =>
        some.Count == others.Count && some.Zip(others).All(pair => pair.First.IsSame(pair.Second));
}
