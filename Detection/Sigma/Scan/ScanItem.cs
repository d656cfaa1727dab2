using System.Globalization;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Scan;

/// <summary>One detection item, tested as the specification says it.</summary>
internal sealed class ScanItem
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(10);

    private readonly DetectionItem _item;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _placeholders;
    private readonly Dictionary<RuleValue, Predicate<ScanValue>> _tests = new(ReferenceEqualityComparer.Instance);

    public ScanItem(DetectionItem item, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        _item = item;
        _placeholders = placeholders;
        foreach (var value in item.Values)
        {
            if (IsAboutText(value)) _tests[value] = TestOf(value);
        }
    }

    public bool Matches(ScanEvent @event)
    {
        var values = _item.Field is null ? @event.All : @event.Of(_item.Field);
        var holds = Has(Modifier.All)
            ? _item.Values.All(value => Holds([value], values, @event))
            : Holds(_item.Values, values, @event);
        return holds != Has(Modifier.Neq);
    }

    /// <summary>Whether one of the rule's values holds; with <c>[all]</c>, whether they hold for every value of the event.</summary>
    private bool Holds(IReadOnlyList<RuleValue> wanted, IReadOnlyList<ScanValue> values, ScanEvent @event)
    {
        if (Quantify(values, value => value.HasText && wanted.Any(want => IsAboutText(want) && _tests[want](value)))) return true;
        return wanted.Where(want => !IsAboutText(want)).Any(want => HoldsOfField(want, values, @event));
    }

    private bool HoldsOfField(RuleValue want, IReadOnlyList<ScanValue> values, ScanEvent @event)
    {
        if (want.Kind == RuleValueKind.Null) return values.Count == 0 || Quantify(values, value => value.IsNull);
        if (Has(Modifier.Exists)) return values.Count > 0 == (want.Text == "true");
        var others = @event.Of(want.Text).Where(other => other.HasText).ToList();
        return Quantify(values, value => value.HasText && others.Any(other => Compare(value, other)));
    }

    private bool Compare(ScanValue value, ScanValue other)
    {
        var (left, right) = Has(Modifier.Cased) ? (value.Exact, other.Exact) : (value.Folded, other.Folded);
        var anywhere = Has(Modifier.Contains) || (Has(Modifier.StartsWith) && Has(Modifier.EndsWith));
        if (anywhere) return left.Contains(right, StringComparison.Ordinal);
        if (Has(Modifier.StartsWith)) return left.StartsWith(right, StringComparison.Ordinal);
        return Has(Modifier.EndsWith) ? left.EndsWith(right, StringComparison.Ordinal) : left == right;
    }

    private bool Quantify(IReadOnlyList<ScanValue> values, Func<ScanValue, bool> test) =>
        _item.Every ? values.Count > 0 && values.All(test) : values.Any(test);

    private bool IsAboutText(RuleValue value) => value.Kind != RuleValueKind.Null && !Has(Modifier.Exists) && !Has(Modifier.FieldRef);

    private Predicate<ScanValue> TestOf(RuleValue value)
    {
        if (Has(Modifier.Re))
        {
            var regex = RegexOf(value.Text);
            return found => regex.IsMatch(found.Text);
        }

        if (Has(Modifier.Cidr))
        {
            var networks = Patterns(value).Select(pattern => pattern.PlainBytes).ToList();
            return found => networks.Any(network => ScanNetwork.Contains(network, found.Text));
        }

        foreach (var modifier in _item.Modifiers)
        {
            if (modifier is >= Modifier.Lt and <= Modifier.Gte or >= Modifier.Minute and <= Modifier.Year) return NumberTest(value.Text);
        }

        var patterns = Patterns(value);
        var isWhole = _item.Field is not null && _item.Modifiers.All(some => some is Modifier.All or Modifier.Neq or Modifier.Cased);
        if (isWhole && Regex.Match(value.Text, @"\A(-?[0-9]+)\.([0-9]*?)0+\z") is { Success: true } number)
            patterns.Add(ScanPattern.Plain($"{number.Groups[1]}.{number.Groups[2]}".TrimEnd('.')));
        if (Has(Modifier.Cased)) return found => patterns.Any(pattern => pattern.Matches(found.Exact, true));
        return found => patterns.Any(pattern => pattern.Matches(found.Folded, false));
    }

    private List<ScanPattern> Patterns(RuleValue value)
    {
        var hasWildcards = value.Kind == RuleValueKind.Text && !Has(Modifier.Cidr);
        List<ScanPattern> patterns = [hasWildcards ? ScanPattern.Parse(value.Text) : ScanPattern.Plain(ScanText.FromText(value.Text))];
        foreach (var modifier in _item.Modifiers) patterns = Apply(modifier, patterns);
        var isPlaced = Has(Modifier.Contains) || Has(Modifier.StartsWith) || Has(Modifier.EndsWith);
        return _item.Field is null && !isPlaced ? Apply(Modifier.Contains, patterns) : patterns;
    }

    private List<ScanPattern> Apply(Modifier modifier, List<ScanPattern> patterns) =>
        [.. patterns.SelectMany(pattern => ScanModifiers.Apply(modifier, pattern, _placeholders))];

    private Regex RegexOf(string text)
    {
        var options = RegexOptions.CultureInvariant;
        if (Has(Modifier.IgnoreCase)) options |= RegexOptions.IgnoreCase;
        if (Has(Modifier.MultiLine)) options |= RegexOptions.Multiline;
        if (Has(Modifier.DotAll)) options |= RegexOptions.Singleline;
        var pattern = text.Replace("(?P<", "(?<", StringComparison.Ordinal);
        if (Has(Modifier.StartsWith)) pattern = @"\A(?:" + pattern + ")";
        if (Has(Modifier.EndsWith)) pattern = "(?:" + pattern + @")\z";
        return new Regex(pattern, options, RegexLimit);
    }

    private Predicate<ScanValue> NumberTest(string text)
    {
        var wanted = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return value => NumberOf(value.Text) is { } found && Compare(found, wanted);
    }

    private bool Compare(decimal found, decimal wanted)
    {
        if (Has(Modifier.Lt)) return found < wanted;
        if (Has(Modifier.Lte)) return found <= wanted;
        if (Has(Modifier.Gt)) return found > wanted;
        return Has(Modifier.Gte) ? found >= wanted : found == wanted;
    }

    private decimal? NumberOf(string text)
    {
        foreach (var modifier in _item.Modifiers)
        {
            if (modifier is >= Modifier.Minute and <= Modifier.Year) return ScanDate.PartOf(text, modifier);
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private bool Has(Modifier modifier) => _item.Modifiers.Contains(modifier);
}
