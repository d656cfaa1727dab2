using System.Security.Cryptography;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Exclusions;

/// <summary>
/// The exclusions of one loading of rules. Each is compiled into the rules that it names, as one more selection that must not hold: it
/// costs what a filter of the rule itself costs, and the rule's file is left alone.
/// </summary>
internal sealed class ExclusionSet
{
    private readonly Dictionary<string, List<Exclusion>> _byRule = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Exclusion> _inForce = [];
    private readonly HashSet<string> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>Takes files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="today">The day by UTC, on which it is decided which of them have expired.</param>
    /// <param name="take">Gets what is wrong with each file, the expired ones among it.</param>
    public ExclusionSet(IEnumerable<RuleSource> files, DateOnly today, Action<IssueList> take)
    {
        foreach (var file in files)
        {
            var issues = new IssueList(file.File);
            issues.Errors.AddRange(file.Errors);
            if (file.Text is { } text)
            {
                _hashes[file.File] = Convert.ToHexStringLower(SHA256.HashData(file.Bytes!));
                foreach (var exclusion in ExclusionParser.Parse(text, issues)) Add(exclusion, today, issues);
            }

            take(issues);
        }
    }

    /// <summary>The rule with its exclusions; itself where it has none.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="names">Names the texts of the exclusions; empty where it has none.</param>
    public RuleSyntax Apply(RuleSyntax rule, out string names)
    {
        names = "";
        if (_byRule.Count == 0) return rule;
        List<Exclusion> found = [.. Of(rule.Header.Id), .. Of(rule.Header.Name)];
        if (found.Count == 0) return rule;
        var selections = new List<SelectionSyntax>(rule.Selections);
        var parts = new List<ConditionNode> { rule.Condition };
        foreach (var exclusion in found.Distinct())
        {
            var name = $"exclusion: {exclusion.Name}";
            while (selections.Exists(selection => selection.Name == name)) name += "'";
            selections.Add(exclusion.Selection with { Name = name, IsAdded = true });
            parts.Add(new ConditionNode.Not(new ConditionNode.SelectionName(name)));
        }

        names = string.Join(' ', found.Select(exclusion => _hashes[exclusion.File]).Distinct());
        return rule with { Selections = selections, Condition = new ConditionNode.And(parts) };
    }

    /// <summary>Names of rules that no rule had: an id that was mistyped, or a rule that was removed.</summary>
    public IEnumerable<SigmaWarning> Unknown()
    {
        foreach (var exclusion in _inForce)
        {
            foreach (var (rule, at) in exclusion.Rules)
            {
                if (_found.Contains(rule)) continue;
                yield return new SigmaWarning(exclusion.File, at.Line, at.Column, SigmaCodes.ExclusionUnknownRule,
                    $"no rule has the id or name '{rule}', which '{exclusion.Name}' of {exclusion.Owner} names");
            }
        }
    }

    private void Add(Exclusion exclusion, DateOnly today, IssueList issues)
    {
        if (exclusion.Expires < today)
        {
            issues.Warn(exclusion.At, SigmaCodes.ExclusionExpired,
                $"'{exclusion.Name}' of {exclusion.Owner} expired on {exclusion.Expires:yyyy-MM-dd} and is not applied");
            return;
        }

        _inForce.Add(exclusion);
        foreach (var (rule, _) in exclusion.Rules)
        {
            if (!_byRule.TryGetValue(rule, out var list)) _byRule[rule] = list = [];
            list.Add(exclusion);
        }
    }

    private List<Exclusion> Of(string? name)
    {
        if (name is null || !_byRule.TryGetValue(name, out var list)) return [];
        _found.Add(name);
        return list;
    }
}
