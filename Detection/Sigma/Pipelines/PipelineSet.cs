using System.Text;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>
/// The pipelines of one loading of rules. They change the syntax of rules before anything is made of it, so that whatever asks a rule, and
/// whatever says what it asks, sees the same; events are left alone.
/// </summary>
internal sealed class PipelineSet
{
    private readonly List<SigmaPipeline> _pipelines = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _variables = new(StringComparer.Ordinal);

    /// <summary>Takes them. One with a mistake is left out as a whole, and the rules are used without it.</summary>
    /// <param name="sources">The pipelines, as <see cref="Find"/> gives them.</param>
    /// <param name="take">Gets what is wrong with each.</param>
    public PipelineSet(IEnumerable<RuleSource> sources, Action<IssueList> take)
    {
        foreach (var source in sources)
        {
            var issues = new IssueList(source.File);
            issues.Errors.AddRange(source.Errors);
            if (source.Text is { } text && PipelineParser.Parse(text, issues) is { } pipeline) _pipelines.Add(pipeline);
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

    /// <summary>The pipeline of a name: a bundled one, else a file.</summary>
    /// <param name="name">The name.</param>
    /// <param name="refusal">Says why a file must not be used; null asks nobody.</param>
    public static RuleSource Find(string name, Func<string, string?>? refusal)
    {
        if (BundledPipelines.Find(name) is { } text)
            return new RuleSource($"pipeline {name}", default, Encoding.UTF8.GetBytes(text), []) { IsBundled = true };
        if (File.Exists(name)) return RuleSource.Read(name, refusal);
        var issues = new IssueList(name);
        issues.Error(default, SigmaCodes.File, $"there is no such file, and no bundled pipeline of that name ({BundledPipelines.Names})");
        return new RuleSource(name, default, null, issues.Errors);
    }
}
