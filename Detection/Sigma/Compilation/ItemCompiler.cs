using System.Globalization;
using System.Net;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>Turns one detection item into logic: its modifiers in their order, its values joined by or (by and under <c>all</c>).</summary>
internal sealed class ItemCompiler(DetectionItem item, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders, TimeSpan regexLimit)
{
    private readonly FieldId _field = item.Field is null ? FieldId.Unnamed : FieldTable.Intern(item.Field);

    /// <summary>Whether its modifiers say only where a text stands, and how it is compared.</summary>
    private readonly bool _isFlat = item.Modifiers.All(static modifier => modifier is Modifier.All or Modifier.Neq or Modifier.Cased
        or Modifier.Contains or Modifier.StartsWith or Modifier.EndsWith);

    /// <exception cref="RuleException">A value does not fit its modifiers.</exception>
    public IrNode Compile()
    {
        if (item.Has(Modifier.Expand) && Unfilled.In(item, placeholders).Any()) return Unfilled.Never;
        var node = item.Has(Modifier.All) ? AllValues() : AnyValue();
        return item.Has(Modifier.Neq) ? new IrNode.Not(node) : node;
    }

    private IrNode AllValues()
    {
        var nodes = new List<IrNode>();
        foreach (var value in item.Values) nodes.Add(CompileOne(value));
        return IrNode.AllOf(nodes);
    }

    /// <summary>Matchers of one field become one atom, so that the field is walked once.</summary>
    private IrNode AnyValue()
    {
        var nodes = new List<IrNode>(1);
        var matchers = new List<ValueMatcher>(item.Values.Count);
        foreach (var value in item.Values)
        {
            if (TryMatcher(value) is { } matcher) matchers.Add(matcher);
            else nodes.Add(AskField(value));
        }

        if (matchers.Count > 0) nodes.Insert(0, Ask(matchers));
        return IrNode.AnyOf(nodes);
    }

    private IrNode CompileOne(RuleValue value) => TryMatcher(value) is { } matcher ? Ask([matcher]) : AskField(value);

    private IrNode.AtomNode Ask(List<ValueMatcher> matchers)
    {
        var matcher = matchers.Count == 1 ? matchers[0] : new AnyOfMatcher(matchers);
        return new IrNode.AtomNode(item.Field is null ? new KeywordAtom(matcher) : new ValueAtom(_field, item.Every, matcher));
    }

    /// <summary>What asks about the field and not about its text.</summary>
    private IrNode AskField(RuleValue value)
    {
        if (value.Kind == RuleValueKind.Null || item.Has(Modifier.Exists)) PresenceTable.Ask(_field);
        if (value.Kind == RuleValueKind.Null) return new IrNode.AtomNode(new NullAtom(_field, item.Every));
        if (item.Has(Modifier.Exists))
        {
            var exists = new IrNode.AtomNode(new ExistsAtom(_field));
            return value.Text == "true" ? exists : new IrNode.Not(exists);
        }

        var contains = item.Has(Modifier.Contains);
        var starts = item.Has(Modifier.StartsWith);
        var ends = item.Has(Modifier.EndsWith);
        var anchored = !contains && !starts && !ends;
        var free = contains || (starts && ends);
        var other = FieldTable.Intern(value.Text);
        return new IrNode.AtomNode(new FieldRefAtom(
            _field, other, item.Every, anchored || (starts && !free), anchored || (ends && !free), item.Has(Modifier.Cased)));
    }

    private ValueMatcher? TryMatcher(RuleValue value)
    {
        if (value.Kind == RuleValueKind.Null || item.Has(Modifier.Exists) || item.Has(Modifier.FieldRef)) return null;
        if (item.Has(Modifier.Re)) return RegexCompiler.Compile(value, item.Modifiers, regexLimit);
        if (item.Has(Modifier.Cidr)) return AnyOf(Texts(value).ConvertAll<ValueMatcher>(text => Cidr(text, value)));
        var cased = item.Has(Modifier.Cased);
        if (_isFlat && IsFlat(value)) return Flat(value, cased);
        if (NumberTest(value) is { } number) return number;
        return AnyOf(Patterns(value).ConvertAll(pattern => pattern.ToMatcher(cased)));
    }

    /// <summary>Nearly all values: a text without wildcards, of which nothing else is made. It needs no pattern.</summary>
    private ValueMatcher Flat(RuleValue value, bool cased)
    {
        var contains = item.Has(Modifier.Contains);
        var starts = item.Has(Modifier.StartsWith);
        var ends = item.Has(Modifier.EndsWith);
        if (item.Field is null && !starts && !ends) contains = true;
        var text = System.Text.Encoding.UTF8.GetBytes(value.Text);
        var literal = new LiteralMatcher(text, !contains && !ends, !contains && !starts, cased);
        if (contains || starts || ends || Shortest(text) is not { } number) return literal;
        return new AnyOfMatcher([literal, new LiteralMatcher(number, true, true, cased)]);
    }

    /// <summary>
    /// 1 of 1.0, and 1.5 of 1.50: what records write as a number, their reader takes such zeros off. Null for anything else.
    /// </summary>
    private static byte[]? Shortest(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        var digits = text[..Math.Max(point, 0)];
        if (digits is [(byte)'-', ..]) digits = digits[1..];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return null;
        var fraction = text[(point + 1)..];
        if (fraction.IsEmpty || fraction[^1] != '0' || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return null;
        var length = text.TrimEnd((byte)'0').Length;
        return text[..(length == point + 1 ? point : length)].ToArray();
    }

    private static bool IsFlat(RuleValue value) => value.Text.Length > 0 && (value.Kind != RuleValueKind.Text
        || (value.Text.AsSpan().IndexOfAny('*', '?') < 0 && !value.Text.Contains(@"\\", StringComparison.Ordinal)));

    private static ValueMatcher AnyOf(List<ValueMatcher> matchers) => matchers.Count == 1 ? matchers[0] : new AnyOfMatcher(matchers);

    private List<TextPattern> Patterns(RuleValue value)
    {
        List<TextPattern> patterns = [value.Kind == RuleValueKind.Text ? TextPattern.Parse(value.Text) : TextPattern.Plain(value.Text)];
        var anchored = false;
        foreach (var modifier in item.Modifiers)
        {
            patterns = Apply(modifier, patterns, value);
            anchored |= modifier is Modifier.StartsWith or Modifier.EndsWith or Modifier.Contains;
        }

        // A keyword is searched within the values of the event.
        return item.Field is null && !anchored ? Apply(Modifier.Contains, patterns, value) : patterns;
    }

    private List<TextPattern> Apply(Modifier modifier, List<TextPattern> patterns, RuleValue value) => modifier switch
    {
        Modifier.Contains => patterns.ConvertAll(pattern => pattern.WithRunAtStart().WithRunAtEnd()),
        Modifier.StartsWith => patterns.ConvertAll(pattern => pattern.WithRunAtEnd()),
        Modifier.EndsWith => patterns.ConvertAll(pattern => pattern.WithRunAtStart()),
        Modifier.Base64 => Each(patterns, pattern => Transforms.Base64(pattern, value)),
        Modifier.Base64Offset => Each(patterns, pattern => Transforms.Base64Offset(pattern, value)),
        Modifier.Utf16 or Modifier.Utf16Be or Modifier.Utf16Le =>
            patterns.ConvertAll(pattern => Transforms.Encode(pattern, modifier, value)),
        Modifier.WinDash => Each(patterns, pattern => Transforms.WinDash(pattern, value)),
        Modifier.Expand => Each(patterns, pattern => Transforms.Expand(pattern, placeholders, value)),
        _ => patterns,
    };

    private static List<TextPattern> Each(List<TextPattern> patterns, Func<TextPattern, List<TextPattern>> transform)
    {
        var all = new List<TextPattern>();
        foreach (var pattern in patterns) all.AddRange(transform(pattern));
        return all;
    }

    private List<string> Texts(RuleValue value) => item.Has(Modifier.Expand)
        ? Transforms.Expand(TextPattern.Plain(value.Text), placeholders, value).ConvertAll(pattern =>
            System.Text.Encoding.UTF8.GetString(pattern.Bytes()))
        : [value.Text];

    private static CidrMatcher Cidr(string text, RuleValue value)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (CidrMatcher.TryRead(System.Text.Encoding.UTF8.GetBytes(address), out _) && IPAddress.TryParse(address, out var network))
        {
            var most = network.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128;
            if (slash < 0) return new CidrMatcher(network, most);
            if (int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= most)
            {
                return new CidrMatcher(network, length);
            }
        }

        throw new RuleException(value.At, SigmaCodes.Cidr, $"'{text}' is not a network in CIDR notation");
    }

    private ValueMatcher? NumberTest(RuleValue value)
    {
        Comparison? comparison = null;
        TimePart? part = null;
        foreach (var modifier in item.Modifiers)
        {
            comparison = modifier switch
            {
                Modifier.Lt => Comparison.Less,
                Modifier.Lte => Comparison.LessOrEqual,
                Modifier.Gt => Comparison.Greater,
                Modifier.Gte => Comparison.GreaterOrEqual,
                _ => comparison,
            };
            part = modifier switch
            {
                Modifier.Minute => TimePart.Minute,
                Modifier.Hour => TimePart.Hour,
                Modifier.Day => TimePart.Day,
                Modifier.Week => TimePart.Week,
                Modifier.Month => TimePart.Month,
                Modifier.Year => TimePart.Year,
                _ => part,
            };
        }

        if (comparison is null && part is null) return null;
        var number = decimal.Parse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return part is { } some
            ? new TimeMatcher(some, comparison ?? Comparison.Equal, number)
            : new NumberMatcher(comparison ?? Comparison.Equal, number);
    }
}
