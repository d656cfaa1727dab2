using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Ir;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>Turns a rule's syntax into its normal form.</summary>
internal static class RuleCompiler
{
    /// <summary>Enters the names of a rule in the tables of the process, so that their numbers follow the order of rules.</summary>
    /// <exception cref="RuleException">There are too many names of log sources.</exception>
    public static void EnterNames(RuleSyntax rule)
    {
        LogSourceNames.Enter(rule.Header.LogSource, rule.Header.At);
        try
        {
            foreach (var field in RuleFields.Of(rule))
            {
                if (!string.IsNullOrEmpty(field)) FieldTable.Intern(field);
            }
        }
        catch (InvalidOperationException)
        {
            // There are too many; which selection has the one too much is said when it is compiled.
        }
    }

    /// <exception cref="RuleException">A value does not fit its modifiers, or a table is full.</exception>
    public static RuleIr Compile(RuleSyntax rule, TimeSpan regexLimit)
    {
        LogSourceNames.Enter(rule.Header.LogSource, rule.Header.At);
        var names = new List<string>(rule.Selections.Count);
        var selections = new List<IrNode>(rule.Selections.Count);
        foreach (var selection in rule.Selections)
        {
            names.Add(selection.Name);
            try
            {
                selections.Add(Compile(selection, rule, regexLimit));
            }
            catch (InvalidOperationException failure)
            {
                throw new RuleException(selection.At, SigmaCodes.Limit, failure.Message);
            }
        }

        var isIdle = Unfilled.In(rule.Selections, rule.Placeholders).Any();
        return new RuleIr(names, selections, isIdle ? Unfilled.Never : Compile(rule.Condition, names));
    }

    private static IrNode Compile(SelectionSyntax selection, RuleSyntax rule, TimeSpan regexLimit)
    {
        var alternatives = new List<IrNode>(selection.Alternatives.Count);
        foreach (var group in selection.Alternatives)
        {
            var items = new List<IrNode>(group.Items.Count);
            foreach (var item in group.Items) items.Add(new ItemCompiler(item, rule.Placeholders, regexLimit).Compile());
            alternatives.Add(IrNode.AllOf(items));
        }

        return IrNode.AnyOf(alternatives);
    }

    private static IrNode Compile(ConditionNode node, List<string> names) => node switch
    {
        ConditionNode.And and => IrNode.AllOf([.. and.Parts.Select(part => Compile(part, names))]),
        ConditionNode.Or or => IrNode.AnyOf([.. or.Parts.Select(part => Compile(part, names))]),
        ConditionNode.Not not => new IrNode.Not(Compile(not.Part, names)),
        ConditionNode.SelectionName named => new IrNode.Pick(names.IndexOf(named.Selection)),
        ConditionNode.AtLeast some => Count(some, [.. some.Selections.Select(name => new IrNode.Pick(names.IndexOf(name)))]),
        _ => throw new InvalidOperationException($"a condition of type {node.GetType().Name}"),
    };

    private static IrNode Count(ConditionNode.AtLeast some, IReadOnlyList<IrNode> picks) =>
        some.Count == 1 ? IrNode.AnyOf(picks)
        : some.Count == picks.Count ? IrNode.AllOf(picks)
        : new IrNode.AtLeast(some.Count, picks);
}
