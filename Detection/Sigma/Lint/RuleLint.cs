using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Lint;

/// <summary>
/// Looks for what is likely a mistake in sound rules, as they are written: before filters, exclusions and pipelines change them.
/// </summary>
internal sealed partial class RuleLint
{
    /// <summary>SigmaHQ's own limit; the specification allows 256.</summary>
    private const int LongestTitle = 120;

    private readonly Dictionary<string, string> _titles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at one rule.</summary>
    public void Look(RuleSyntax rule, IssueList issues)
    {
        LookAtHeader(rule.Header, issues);
        LookAtCondition(rule.Condition, rule, issues);
        var fields = KnownFields.Of(rule.Header.LogSource);
        foreach (var item in rule.Selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items))
        {
            LookAtField(item, fields, rule.Header.LogSource, issues);
            LookAtValues(item, issues);
        }
    }

    private void LookAtHeader(RuleHeader header, IssueList issues)
    {
        var at = header.At;
        if (header.Level is null) issues.Warn(at, LintCodes.NoLevel, "the rule has no 'level': its alerts are of medium");
        if (header.Status is null) issues.Warn(at, LintCodes.NoStatus, "the rule has no 'status'");
        if (header.Title.Length > LongestTitle)
            issues.Warn(at, LintCodes.LongTitle, $"the title has {header.Title.Length} characters; lists have room for {LongestTitle}");
        if (header is { Date: { } date, Modified: { } modified } && string.CompareOrdinal(modified, date) < 0)
            issues.Warn(at, LintCodes.DateOrder, $"'modified' is {modified}, before 'date', which is {date}");
        foreach (var tag in header.Tags)
        {
            if (!Tag().IsMatch(tag)) issues.Warn(at, LintCodes.TagFormat, $"the tag '{tag}' is not namespace.name in lower case");
        }

        if (!_titles.TryAdd(header.Title, issues.File))
            issues.Warn(at, LintCodes.DuplicateTitle, $"the title is also that of a rule in {_titles[header.Title]}");
    }

    private static void LookAtCondition(ConditionNode node, RuleSyntax rule, IssueList issues)
    {
        switch (node)
        {
            case ConditionNode.And and:
                foreach (var part in and.Parts) LookAtCondition(part, rule, issues);
                break;

            case ConditionNode.Or or:
                foreach (var part in or.Parts) LookAtCondition(part, rule, issues);
                break;

            case ConditionNode.Not not:
                LookAtCondition(not.Part, rule, issues);
                break;

            // One filter_* beside others is a place for more; the only selection of all is not.
            case ConditionNode.AtLeast when rule.Selections is [var only]:
                issues.Warn(only.At, LintCodes.OneOfOne, $"the condition counts selections, and '{only.Name}' is the only one: name it");
                break;
        }
    }

    private static void LookAtField(DetectionItem item, IReadOnlySet<string>? known, SigmaLogSource source, IssueList issues)
    {
        if (item.Field is { } field && known?.Contains(field) == false)
        {
            issues.Warn(item.At, LintCodes.UnknownField,
                $"events of {source.Category} have no field '{field}'{NearName.Hint(field, known)}");
        }
    }

    private static void LookAtValues(DetectionItem item, IssueList issues)
    {
        if (item.Modifiers.Contains(Modifier.Re))
        {
            foreach (var value in item.Values) LookAtExpression(item, value, issues);
            return;
        }

        var seen = new HashSet<string>(HeedsCase(item) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var value in item.Values)
        {
            if (value.Kind != RuleValueKind.Null && !seen.Add(value.Text))
                issues.Warn(value.At, LintCodes.DuplicateValue, $"the value '{value.Text}' is there twice");

            // Where only numbers, addresses, truth values or what is to be Base64 may stand a star is an error.
            if (value.Kind == RuleValueKind.Text && !item.Has(Modifier.FieldRef)) LookAtWildcards(item, value, issues);
        }
    }

    private static void LookAtWildcards(DetectionItem item, RuleValue value, IssueList issues)
    {
        var text = value.Text;
        if (text.Length == 0 || text.AsSpan().TrimStart('*').Length == 0)
        {
            if (text.Length > 0)
            {
                issues.Warn(value.At, LintCodes.AnyValue, item.Field is null
                    ? "the keyword is in every event"
                    : $"'*' holds for every text; '{item.Field}|exists: true' says that");
            }

            return;
        }

        var before = text[0] == '*';
        var behind = text[^1] == '*' && Escapes(text) % 2 == 0;
        var (contains, starts, ends) = (item.Has(Modifier.Contains), item.Has(Modifier.StartsWith), item.Has(Modifier.EndsWith));
        var putsBefore = contains || ends || item.Field is null;
        var putsBehind = contains || starts || item.Field is null;
        if ((before && putsBefore) || (behind && putsBehind))
        {
            var end = before && putsBefore ? "start" : "end";
            issues.Warn(value.At, LintCodes.SpareWildcard, $"the wildcard at the {end} of '{text}' is there anyway");
        }
        else if ((before || behind) && !contains && !starts && !ends && text.AsSpan().Trim('*').IndexOfAny('*', '?') < 0)
        {
            var modifier = before && behind ? "contains" : before ? "endswith" : "startswith";
            issues.Warn(value.At, LintCodes.WildcardForModifier, $"'{text}' is what '{modifier}' is for");
        }
    }

    private static int Escapes(string text)
    {
        var count = 0;
        for (var at = text.Length - 2; at >= 0 && text[at] == '\\'; at--) count++;
        return count;
    }

    private static void LookAtExpression(DetectionItem item, RuleValue value, IssueList issues)
    {
        var options = item.Has(Modifier.IgnoreCase) ? RegexOptions.IgnoreCase : RegexOptions.None;
        if (value.Text.Length > 0 && Regex.Escape(value.Text) == value.Text)
            issues.Warn(value.At, LintCodes.PlainRegex, $"'{value.Text}' is a plain text: '{Finder(item)}' finds it, and faster");
        else if (RegexLiterals.Find(value.Text, options).Count == 0)
        {
            issues.Warn(value.At, LintCodes.RegexWithoutLiteral,
                "no text must be there for the expression to match: it is asked of every event");
        }
    }

    /// <summary>Whether values that differ in their case are two: Base64 of them has other letters, and fields have other names.</summary>
    private static bool HeedsCase(DetectionItem item) => item.Modifiers.Any(modifier => modifier is Modifier.Cased or Modifier.Base64
        or Modifier.Base64Offset or Modifier.FieldRef or Modifier.Expand);

    /// <summary>What finds what a plain expression does; an expression heeds the case unless it is told not to.</summary>
    private static string Finder(DetectionItem item)
    {
        var place = (item.Has(Modifier.StartsWith), item.Has(Modifier.EndsWith)) switch
        {
            (true, false) => "startswith",
            (false, true) => "endswith",
            _ => "contains",
        };
        return item.Has(Modifier.IgnoreCase) ? place : place + "|cased";
    }

    [GeneratedRegex(@"\A[a-z0-9_-]+\.[a-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
