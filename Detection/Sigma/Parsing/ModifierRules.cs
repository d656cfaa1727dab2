using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Which modifiers may stand together and with which values; what passes here has one meaning.</summary>
internal static class ModifierRules
{
    /// <exception cref="RuleException">The combination has no meaning.</exception>
    public static void Check(DetectionItem item, IssueList issues)
    {
        var modifiers = item.Modifiers;
        for (var i = 0; i < modifiers.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (modifiers[j] == modifiers[i]) throw Misuse(item, "the same modifier is there twice");
            }
        }

        if (item.Has(Modifier.Re)) CheckRegex(item);
        else if (HasAny(item, Modifier.IgnoreCase, Modifier.MultiLine, Modifier.DotAll))
            throw Misuse(item, "i, m and s need 're' before them");
        if (item.Has(Modifier.Exists)) CheckExists(item);
        if (item.Has(Modifier.Cidr)) AllowOnly(item, Modifier.Cidr, Modifier.All, Modifier.Neq, Modifier.Expand);
        if (item.Has(Modifier.FieldRef)) CheckFieldRef(item);
        CheckNumbers(item);
        CheckEncodings(item);
        if (item.Has(Modifier.All) && item.Values.Count == 1)
            issues.Warn(item.At, SigmaCodes.Idle, "'all' has no effect on a single value");
        CheckValues(item);
    }

    public static bool IsTimePart(Modifier modifier) => modifier is >= Modifier.Minute and <= Modifier.Year;

    public static bool IsComparison(Modifier modifier) => modifier is >= Modifier.Lt and <= Modifier.Gte;

    private static void CheckRegex(DetectionItem item)
    {
        AllowOnly(
            item, Modifier.Re, Modifier.IgnoreCase, Modifier.MultiLine, Modifier.DotAll, Modifier.All, Modifier.Neq,
            Modifier.Contains, Modifier.StartsWith, Modifier.EndsWith);
        foreach (var modifier in item.Modifiers)
        {
            if (modifier == Modifier.Re) return;
            if (modifier is not (Modifier.All or Modifier.Neq)) throw Misuse(item, "'re' applies to unmodified values: it comes first");
        }
    }

    private static void CheckExists(DetectionItem item)
    {
        AllowOnly(item, Modifier.Exists);
        if (item.Field is null) throw Misuse(item, "'exists' needs a field");
        if (item.Values.Count != 1 || item.Values[0].Kind != RuleValueKind.Boolean)
        {
            throw new RuleException(item.Values[0].At, SigmaCodes.Type, "'exists' takes one value, true or false");
        }
    }

    private static void CheckFieldRef(DetectionItem item)
    {
        if (item.Field is null) throw Misuse(item, "'fieldref' needs a field");
        AllowOnly(
            item, Modifier.FieldRef, Modifier.All, Modifier.Neq, Modifier.Cased, Modifier.Contains, Modifier.StartsWith, Modifier.EndsWith);
        foreach (var value in item.Values)
        {
            if (value.Text.Length == 0 || value.Kind == RuleValueKind.Null)
            {
                throw new RuleException(value.At, SigmaCodes.Type, "'fieldref' takes the name of a field");
            }
        }
    }

    private static void CheckNumbers(DetectionItem item)
    {
        if (item.Modifiers.Count == 0) return;
        int comparisons = 0, timeParts = 0;
        foreach (var modifier in item.Modifiers)
        {
            if (IsComparison(modifier)) comparisons++;
            if (IsTimePart(modifier)) timeParts++;
        }

        if (comparisons + timeParts == 0) return;
        if (comparisons > 1 || timeParts > 1) throw Misuse(item, "one comparison and one part of a date at most");
        foreach (var modifier in item.Modifiers)
        {
            if (!IsComparison(modifier) && !IsTimePart(modifier) && modifier is not (Modifier.All or Modifier.Neq))
            {
                throw Misuse(item, "a comparison of numbers or dates takes no string modifier");
            }
        }

        foreach (var value in item.Values)
        {
            var isNumber = decimal.TryParse(value.Text, System.Globalization.NumberStyles.Float,
                System.Globalization.CultureInfo.InvariantCulture, out _);
            if (value.Kind is RuleValueKind.Null or RuleValueKind.Boolean || !isNumber)
            {
                throw new RuleException(value.At, SigmaCodes.Type, $"'{value.Text}' is not a number");
            }
        }
    }

    private static void CheckEncodings(DetectionItem item)
    {
        var base64 = false;
        var utf16 = false;
        if (item.Modifiers.Count == 0) return;
        foreach (var modifier in item.Modifiers)
        {
            switch (modifier)
            {
                case Modifier.Base64 or Modifier.Base64Offset:
                    if (base64) throw Misuse(item, "the value is Base64 already");
                    base64 = true;
                    break;

                case Modifier.Utf16 or Modifier.Utf16Be or Modifier.Utf16Le:
                    if (utf16 || base64) throw Misuse(item, "UTF-16 applies once, and before Base64");
                    utf16 = true;
                    break;

                case Modifier.Contains or Modifier.StartsWith or Modifier.EndsWith when !base64
                    && HasAny(item, Modifier.Base64, Modifier.Base64Offset):
                    throw Misuse(item, "Base64 encodes the value before wildcards are put around it");
            }
        }
    }

    private static void CheckValues(DetectionItem item)
    {
        foreach (var value in item.Values)
        {
            if (value.Kind != RuleValueKind.Null) continue;
            if (item.Field is null) throw new RuleException(value.At, SigmaCodes.Type, "a keyword cannot be null");
            foreach (var modifier in item.Modifiers)
            {
                if (modifier is not (Modifier.All or Modifier.Neq))
                    throw new RuleException(value.At, SigmaCodes.Type, "null takes no modifier");
            }
        }
    }

    private static bool HasAny(DetectionItem item, params ReadOnlySpan<Modifier> wanted)
    {
        foreach (var modifier in wanted)
        {
            if (item.Has(modifier)) return true;
        }

        return false;
    }

    private static void AllowOnly(DetectionItem item, Modifier leading, params ReadOnlySpan<Modifier> others)
    {
        foreach (var modifier in item.Modifiers)
        {
            if (modifier != leading && !others.Contains(modifier))
            {
                throw Misuse(item, $"'{Word(leading)}' and '{Word(modifier)}' do not go together");
            }
        }
    }

    private static string Word(Modifier modifier) => modifier.ToString().ToLowerInvariant();

    private static RuleException Misuse(DetectionItem item, string message) => new(item.At, SigmaCodes.ModifierUse, message);
}
