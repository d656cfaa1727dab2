using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Exclusions;
using Picket.Detection.Sigma.Lint;
using Picket.Detection.Sigma.Parsing;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>Reads texts one by one and makes a set of them when all are there, since rules refer to each other in any order.</summary>
internal sealed class RuleSetBuilder
{
    private readonly SigmaLoadOptions _options;
    private readonly ExclusionSet _exclusions;
    private readonly PipelineSet _pipelines;
    private readonly Dictionary<string, IReadOnlyList<string>> _placeholders = new(StringComparer.Ordinal);
    private readonly List<IssueList> _files = [];
    private readonly List<(ParsedDocument.Rule Document, IssueList Issues)> _rules = [];
    private readonly RuleFilters _filters = new();
    private readonly RuleLinker _linker = new();
    private readonly RuleLint? _lint;
    private readonly HashSet<string> _otherFiles = new(StringComparer.Ordinal);

    /// <summary>Begins a set.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="sources">The pipelines, the exclusions, and the day for which these are read.</param>
    public RuleSetBuilder(SigmaLoadOptions options, RuleSources sources)
    {
        _options = options;
        _lint = options.Lints ? new RuleLint() : null;
        _pipelines = new PipelineSet(sources.Pipelines, AddOther);
        foreach (var (name, values) in _pipelines.Variables) _placeholders[name] = values;
        foreach (var (name, values) in options.Placeholders) _placeholders[name] = values;
        _exclusions = new ExclusionSet(sources.Exclusions, sources.Day, AddOther);
    }

    /// <summary>Gets what is wrong with paths.</summary>
    public List<SigmaError> Errors { get; } = [];

    /// <summary>Adds a file, or why it could not be read.</summary>
    public void Add(RuleSource source)
    {
        var issues = new IssueList(source.File);
        issues.Errors.AddRange(source.Errors);
        if (source.Text is { } text) Add(text, issues);
        else _files.Add(issues);
    }

    /// <summary>Adds the documents of one file.</summary>
    public void Add(string text, IssueList issues)
    {
        _files.Add(issues);
        foreach (var parsed in RuleParser.Parse(text, _options.Placeholders, issues))
        {
            switch (parsed)
            {
                case ParsedDocument.Rule rule:
                    _lint?.Look(rule.Syntax, issues);
                    _rules.Add((rule, issues));
                    break;
                case ParsedDocument.Correlation correlation:
                    _linker.Add(new CorrelationRule(correlation.Syntax, issues.File, HashOf(correlation.Text)), issues);
                    break;
                case ParsedDocument.Filter filter:
                    _filters.Add(filter.Syntax, filter.Text, issues, _placeholders);
                    break;
                default:
                    throw new InvalidOperationException($"a document of type {parsed.GetType().Name}");
            }
        }
    }

    /// <summary>Makes the set; called once.</summary>
    public SigmaRuleSet Finish()
    {
        var rules = new List<SigmaRule>(_rules.Count);
        foreach (var (document, issues) in _rules)
        {
            try
            {
                var text = document.Text;
                var written = _exclusions.Apply(_filters.Apply(document.Syntax, ref text), out var exclusions);
                var hash = HashOf(text);
                var forms = _pipelines.Apply(written).Select(form => new SigmaRule(
                    form.Syntax, RuleCompiler.Compile(form.Syntax, _options.RegexTimeLimit), issues.File, hash, form.Names)
                {
                    Exclusions = exclusions,
                }).ToArray();
                foreach (var copy in forms.AsSpan(1)) forms[0].Add(copy);
                rules.AddRange(forms);
                WarnOfPlaceholders(forms[0], issues);
                _linker.Add(forms[0], issues);
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        var correlations = _linker.Link();
        _filters.WarnIdle([.. _rules.Select(rule => rule.Document.Syntax.Header)], [.. correlations.Select(rule => rule.Syntax.Header)]);
        foreach (var file in _files) Errors.AddRange(file.Errors);
        return new SigmaRuleSet(rules, Errors, [.. _files.SelectMany(file => file.Warnings), .. _exclusions.Unknown()])
        {
            Correlations = correlations,
            OtherFiles = _otherFiles,
        };
    }

    private void AddOther(IssueList issues)
    {
        _otherFiles.Add(issues.File);
        _files.Add(issues);
    }

    private static void WarnOfPlaceholders(SigmaRule rule, IssueList issues)
    {
        foreach (var (placeholder, at) in Unfilled.In(rule.Syntax.Selections, rule.Syntax.Placeholders).Distinct())
        {
            issues.Warn(at, SigmaCodes.Placeholder,
                $"no values for %{placeholder}%; the rule takes no part until a pipeline gives them");
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
