using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>
/// The pipelines of one loading of rules. They change the syntax of rules before anything is made of it, so that whatever asks a rule, and
/// whatever says what it asks, sees the same; events are left alone.
/// </summary>
internal sealed class PipelineSet
{
    private readonly List<SigmaPipeline> _pipelines = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _variables = new(StringComparer.Ordinal);

    /// <summary>Reads them. One with a mistake is left out as a whole, and the rules are used without it.</summary>
    /// <param name="names">Names of bundled ones, and files.</param>
    /// <param name="refusal">Says why a file must not be used; null asks nobody.</param>
    /// <param name="take">Gets what is wrong with each file.</param>
    public PipelineSet(IEnumerable<string> names, Func<string, string?>? refusal, Action<IssueList> take)
    {
        foreach (var name in names)
        {
            var bundled = BundledPipelines.Find(name);
            var issues = new IssueList(bundled is null ? name : $"pipeline {name}");
            if ((bundled ?? ReadFile(name, issues, refusal)) is { } text && PipelineParser.Parse(text, issues) is { } pipeline)
                _pipelines.Add(pipeline);
            take(issues);
        }

        // A stable order: those of one priority as they are named.
        _pipelines = [.. _pipelines.OrderBy(pipeline => pipeline.Priority)];
        foreach (var (name, values) in _pipelines.SelectMany(pipeline => pipeline.Variables)) _variables[name] = values;
    }

    /// <summary>Values for placeholders, from all pipelines; of two lists with one name the later pipeline's.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Variables => _variables;

    /// <summary>What the pipelines make of a rule: the rule, and then copies of it that are asked beside it.</summary>
    /// <exception cref="RuleException">A pipeline refuses the rule, or cannot be applied to it.</exception>
    public IReadOnlyList<(RuleSyntax Syntax, FieldNames Names)> Apply(RuleSyntax rule)
    {
        if (_pipelines.Count == 0) return [(rule, FieldNames.Same)];
        List<RuleWork> forms = [RuleWork.Of(rule)];
        foreach (var pipeline in _pipelines) PipelineItem.Apply(pipeline.Items, forms);
        foreach (var form in forms)
        {
            foreach (var (name, values) in _variables) form.Placeholders.TryAdd(name, values);
        }

        return forms.ConvertAll(form => (form.ToSyntax(), form.Names));
    }

    private static string? ReadFile(string name, IssueList issues, Func<string, string?>? refusal)
    {
        if (File.Exists(name)) return RuleFiles.Read(name, issues, refusal);
        issues.Error(default, SigmaCodes.File, $"there is no such file, and no bundled pipeline of that name ({BundledPipelines.Names})");
        return null;
    }
}
