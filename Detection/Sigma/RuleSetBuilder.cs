using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Exclusions;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma;

/// <summary>Reads texts one by one and makes a set of them when all are there, since rules refer to each other in any order.</summary>
internal sealed class RuleSetBuilder
{
    private readonly SigmaLoadOptions _options;
    private readonly ExclusionSet _exclusions;
    private readonly List<IssueList> _files = [];
    private readonly List<(ParsedDocument.Rule Document, IssueList Issues)> _rules = [];
    private readonly RuleFilters _filters = new();
    private readonly RuleLinker _linker = new();

    /// <summary>Begins a set.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="sources">Where the exclusions are, and the day for which they are read.</param>
    public RuleSetBuilder(SigmaLoadOptions options, RuleSources sources)
    {
        _options = options;
        _exclusions = new ExclusionSet(sources.Exclusions, sources.Day, _files.Add);
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
                    _rules.Add((rule, issues));
                    break;
                case ParsedDocument.Correlation correlation:
                    _linker.Add(new CorrelationRule(correlation.Syntax, issues.File, HashOf(correlation.Text)), issues);
                    break;
                case ParsedDocument.Filter filter:
                    _filters.Add(filter.Syntax, filter.Text, issues);
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
                var syntax = _exclusions.Apply(_filters.Apply(document.Syntax, ref text), out var exclusions);
                var rule = new SigmaRule(syntax, RuleCompiler.Compile(syntax, _options.RegexTimeLimit), issues.File, HashOf(text))
                {
                    Exclusions = exclusions,
                };
                rules.Add(rule);
                _linker.Add(rule, issues);
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        var correlations = _linker.Link();
        _filters.WarnIdle([.. rules.Select(rule => rule.Syntax.Header)], [.. correlations.Select(rule => rule.Syntax.Header)]);
        foreach (var file in _files) Errors.AddRange(file.Errors);
        return new SigmaRuleSet(rules, Errors, [.. _files.SelectMany(file => file.Warnings), .. _exclusions.Unknown()])
        {
            Correlations = correlations,
        };
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
