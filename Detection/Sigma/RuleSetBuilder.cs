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
    private readonly AlternativeBudget _alternatives = new();
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

    /// <summary>Adds files, or why they could not be read.</summary>
    public void Add(IReadOnlyList<RuleSource> sources)
    {
        var files = new (IssueList Issues, List<ParsedDocument> Documents)[sources.Count];
        RuleWorkers.Each(_options.Threads, files.Length, i =>
        {
            var issues = new IssueList(sources[i].File);
            issues.Errors.AddRange(sources[i].Errors);
            files[i] = (issues, sources[i].Text is { } text ? RuleParser.Parse(text, _options.Placeholders, issues) : []);
        });
        foreach (var (issues, documents) in files) Add(documents, issues);
    }

    /// <summary>Adds the documents of one file.</summary>
    public void Add(string text, IssueList issues) => Add(RuleParser.Parse(text, _options.Placeholders, issues), issues);

    private void Add(List<ParsedDocument> documents, IssueList issues)
    {
        _files.Add(issues);
        foreach (var parsed in documents)
        {
            switch (parsed)
            {
                case ParsedDocument.Rule rule:
                    _lint?.Look(rule.Syntax, issues);
                    _rules.Add((rule, issues));
                    break;
                case ParsedDocument.Correlation correlation:
                    _linker.Add(new CorrelationRule(correlation.Syntax, issues.File, correlation.Hash), issues);
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
        var rules = Compile();
        var correlations = _linker.Link();
        _filters.WarnIdle([.. _rules.Select(rule => rule.Document.Syntax.Header)], [.. correlations.Select(rule => rule.Syntax.Header)]);
        foreach (var file in _files) Errors.AddRange(file.Errors);
        return new SigmaRuleSet(rules, Errors, [.. _files.SelectMany(file => file.Warnings), .. _exclusions.Unknown()])
        {
            Correlations = correlations,
            OtherFiles = _otherFiles,
        };
    }

    /// <summary>
    /// What changes rules goes through them in their order, as does all that gives numbers; what is made of each by itself is made at
    /// once.
    /// </summary>
    private List<SigmaRule> Compile()
    {
        var drafts = new List<RuleDraft>(_rules.Count);
        foreach (var (document, issues) in _rules) drafts.Add(Draft(document, issues));
        RuleWorkers.Each(_options.Threads, drafts.Count, i => drafts[i].Compile(_options.RegexTimeLimit));
        var rules = new List<SigmaRule>(drafts.Count);
        foreach (var draft in drafts)
        {
            if (draft.Failure is { } failure)
            {
                draft.Issues.Error(failure.At, failure.Code, failure.Message);
                continue;
            }

            var first = rules.Count;
            rules.AddRange(draft.Rules());
            for (var i = first + 1; i < rules.Count; i++) rules[first].Add(rules[i]);
            WarnOfPlaceholders(rules[first], draft.Issues);
            _linker.Add(rules[first], draft.Issues);
        }

        return rules;
    }

    private RuleDraft Draft(ParsedDocument.Rule document, IssueList issues)
    {
        var draft = new RuleDraft(issues);
        try
        {
            var text = document.Text;
            var written = _exclusions.Apply(_filters.Apply(document.Syntax, ref text), out var exclusions);
            var hash = ReferenceEquals(text, document.Text) ? document.Hash : ParsedDocument.HashOf(text);
            draft.Take(_pipelines.Apply(written), hash, exclusions, _alternatives);
        }
        catch (RuleException failure)
        {
            draft.Failure = failure;
        }

        return draft;
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
}
