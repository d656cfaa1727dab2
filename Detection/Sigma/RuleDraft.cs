using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Pipelines;

namespace Picket.Detection.Sigma;

/// <summary>One rule on its way from its text, as filters, exclusions and pipelines left it, to what is asked of events.</summary>
internal sealed class RuleDraft(IssueList issues)
{
    private IReadOnlyList<(RuleSyntax Syntax, FieldNames Names)> _forms = [];
    private RuleIr[] _compiled = [];
    private string _hash = "";
    private string _exclusions = "";

    /// <summary>What is wrong with its file.</summary>
    public IssueList Issues => issues;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public RuleException? Failure { get; set; }

    /// <summary>Takes the rule and its copies, and enters the names that they have in tables.</summary>
    /// <param name="forms">The rule, then its copies.</param>
    /// <param name="hash">Identifies the rule's content.</param>
    /// <param name="exclusions">Names the texts of exclusions that apply to it.</param>
    /// <param name="budget">Counts what the values of the set stand for.</param>
    /// <exception cref="RuleException">There are too many names, or its values stand for too many strings.</exception>
    public void Take(
        IReadOnlyList<(RuleSyntax Syntax, FieldNames Names)> forms, string hash, string exclusions, AlternativeBudget budget)
    {
        budget.Take(forms.Select(form => form.Syntax));
        foreach (var (syntax, _) in forms) RuleCompiler.EnterNames(syntax);
        (_forms, _hash, _exclusions) = (forms, hash, exclusions);
    }

    /// <summary>Compiles it, of which there is nothing where it failed already; touches nothing of other rules.</summary>
    public void Compile(TimeSpan regexLimit)
    {
        try
        {
            var compiled = new RuleIr[_forms.Count];
            for (var i = 0; i < compiled.Length; i++) compiled[i] = RuleCompiler.Compile(_forms[i].Syntax, regexLimit);
            _compiled = compiled;
        }
        catch (RuleException failure)
        {
            Failure = failure;
        }
    }

    /// <summary>The rule, then its copies.</summary>
    public IEnumerable<SigmaRule> Rules() => _forms.Zip(_compiled, (form, ir) =>
        new SigmaRule(form.Syntax, ir, issues.File, _hash, form.Names) { Exclusions = _exclusions });
}
