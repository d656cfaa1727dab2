using System.Globalization;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>Why a rule matches an event, or what of it does not, for people.</summary>
internal static class TrialText
{
    private const int LongestValue = 200;
    private const int MostValues = 8;

    /// <summary>The lines: of a match the values behind it; else every selection with the items that do not hold.</summary>
    public static IEnumerable<string> Of(RuleTrial trial)
    {
        if (trial.Failure is { } failure) yield return $"the rule failed: {failure}";
        if (trial.Matches)
        {
            foreach (var why in trial.Why)
                yield return $"{why.Selection}: {(why.Field.Length == 0 ? "keyword" : why.Field)} = {Short(why.Value)}";
            yield break;
        }

        if (!trial.IsOffered)
        {
            yield return $"the rule is not asked about this event, whose log source is {trial.Source}";
            yield break;
        }

        foreach (var selection in trial.Selections)
        {
            yield return $"{selection.Name}: {(selection.Holds ? "holds" : "does not hold")}";
            if (selection.Holds) continue;
            for (var i = 0; i < selection.Alternatives.Count; i++)
            {
                var indent = selection.Alternatives.Count == 1 ? "  " : "    ";
                if (selection.Alternatives.Count > 1) yield return $"  {i + 1}. alternative";
                foreach (var item in selection.Alternatives[i].Where(item => !item.Holds)) yield return indent + Of(item);
            }
        }
    }

    private static string Of(ItemTrial item)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{item.Line}:{item.Column}");
        var wanted = Listed(item.Wanted);
        if (item.Item.Length == 0 || item.Item[0] == '|') return $"{place} keyword{item.Item}: {wanted}: in no value of the event";
        return item.Found.Count == 0
            ? $"{place} {item.Item}: {wanted}: the event does not have the field"
            : $"{place} {item.Item}: {wanted}: the event has {Listed(item.Found)}";
    }

    private static string Listed(IReadOnlyList<string?> values)
    {
        var text = string.Join(", ", values.Take(MostValues).Select(value => value is null ? "null" : $"'{Short(value)}'"));
        return values.Count > MostValues ? $"{text} and {values.Count - MostValues} more" : text;
    }

    /// <summary>On one line, and harmless for a terminal.</summary>
    public static string Short(string value)
    {
        var text = value.Length > LongestValue ? value[..LongestValue] + "…" : value;
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
