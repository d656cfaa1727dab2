using System.Text;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>Modifiers that turn one pattern into others; what they give is joined by or, also under <c>all</c>.</summary>
internal static partial class Transforms
{
    private const int MaxAlternatives = 4096;
    private static readonly string[] Dashes = ["-", "/", "\u2013", "\u2014", "\u2015"];

    /// <summary>The dash or slash that starts a word: what is before it is no part of a word, what follows is.</summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingDash();

    [GeneratedRegex(@"(?<!\\)%([\p{L}\p{N}_]+)%", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceholderMark();

    public static List<TextPattern> Base64(TextPattern pattern, RuleValue value)
    {
        Refuse(pattern, value);
        return [TextPattern.Plain(Convert.ToBase64String(pattern.Bytes()))];
    }

    /// <summary>The three codings of a text that starts at the first, second or third byte of a group, without the characters that
    /// also depend on its neighbours.</summary>
    public static List<TextPattern> Base64Offset(TextPattern pattern, RuleValue value)
    {
        Refuse(pattern, value);
        var bytes = pattern.Bytes();
        var patterns = new List<TextPattern>(3);
        for (var offset = 0; offset < 3; offset++)
        {
            var bits = (offset + bytes.Length) * 8;
            var first = ((offset * 8) + 5) / 6;
            var end = bits / 6;
            var padded = new byte[offset + bytes.Length];
            bytes.CopyTo(padded, offset);
            var code = new byte[Base64Length(padded.Length)];
            System.Buffers.Text.Base64.EncodeToUtf8(padded, code, out _, out _);
            if (end > first) patterns.Add(TextPattern.Plain(code[first..end]));
        }

        if (patterns.Count < 3)
            throw new RuleException(value.At, SigmaCodes.Value, "the value is too short for Base64 at an unknown offset");
        return patterns;
    }

    public static TextPattern Encode(TextPattern pattern, Modifier modifier, RuleValue value)
    {
        var encoding = modifier == Modifier.Utf16Be ? Encoding.BigEndianUnicode : Encoding.Unicode;
        var parts = new List<PatternPart>();
        if (modifier == Modifier.Utf16) parts.Add(new PatternPart(PatternPartKind.Literal, [0xFF, 0xFE]));
        foreach (var part in pattern.Parts)
        {
            if (part.Kind == PatternPartKind.AnyChar)
            {
                throw new RuleException(value.At, SigmaCodes.ModifierUse, "'?' stands for a character of the text, not of its UTF-16 form");
            }

            parts.Add(part.Kind == PatternPartKind.Literal ? part with { Bytes = encoding.GetBytes(Text(part)) } : part);
        }

        return new TextPattern(parts);
    }

    public static List<TextPattern> WinDash(TextPattern pattern, RuleValue value) =>
        Replace(pattern, LeadingDash(), static text => text, _ => Dashes, value);

    public static List<TextPattern> Expand(TextPattern pattern, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders,
        RuleValue value) =>
        Replace(
            pattern,
            PlaceholderMark(),
            static text => text.Replace(@"\%", "%", StringComparison.Ordinal),
            match => placeholders.TryGetValue(match.Groups[1].Value, out var values) && values.Count > 0
                ? values
                : throw new RuleException(value.At, SigmaCodes.Placeholder, $"the placeholder '{match.Value}' has no values"),
            value);

    /// <summary>The placeholders of a value for which there are no values.</summary>
    public static IEnumerable<string> Missing(RuleValue value, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders) =>
        TextPattern.Parse(value.Text).Parts.Where(part => part.Kind == PatternPartKind.Literal)
            .SelectMany(part => PlaceholderMark().Matches(Text(part))).Select(match => match.Groups[1].Value)
            .Where(name => !placeholders.TryGetValue(name, out var values) || values.Count == 0);

    /// <summary>
    /// How many strings <c>windash</c> and <c>expand</c> make of a value, or a few more: where both are used any dash may lead.
    /// </summary>
    /// <returns>The number; at most a million, however many there are.</returns>
    public static long AlternativesOf(DetectionItem item, RuleValue value, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        const long Most = 1_000_000;
        var (withDashes, withPlaceholders) = (item.Has(Modifier.WinDash), item.Has(Modifier.Expand));
        var count = withDashes ? DashForms(value.Text, withPlaceholders) : 1;
        if (!withPlaceholders) return count;
        foreach (Match mark in PlaceholderMark().Matches(value.Text))
        {
            if (!placeholders.TryGetValue(mark.Groups[1].Value, out var values) || values.Count == 0) continue;
            count = Math.Min(Most, count * (withDashes ? values.Sum(text => DashForms(text, true)) : values.Count));
        }

        return count;

        static long DashForms(string text, bool any)
        {
            var dashes = any ? text.Count(c => Dashes.Any(dash => dash[0] == c)) : LeadingDash().Count(text);
            return dashes > 8 ? Most : (long)Math.Pow(Dashes.Length, dashes);
        }
    }

    private static List<TextPattern> Replace(
        TextPattern pattern, Regex mark, Func<string, string> literal, Func<Match, IReadOnlyList<string>> choices, RuleValue value)
    {
        List<List<PatternPart>> grown = [[]];
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal)
            {
                grown.ForEach(parts => parts.Add(part));
                continue;
            }

            var text = Text(part);
            var at = 0;
            foreach (Match match in mark.Matches(text))
            {
                var before = PatternPart.Of(literal(text[at..match.Index]));
                grown.ForEach(parts => parts.Add(before));
                grown = Multiply(grown, choices(match), value);
                at = match.Index + match.Length;
            }

            var rest = PatternPart.Of(literal(text[at..]));
            grown.ForEach(parts => parts.Add(rest));
        }

        return grown.ConvertAll(parts => new TextPattern(parts));
    }

    private static List<List<PatternPart>> Multiply(List<List<PatternPart>> grown, IReadOnlyList<string> choices, RuleValue value)
    {
        // A list by itself may be as long as its owner made it.
        if (grown.Count > 1 && choices.Count > 1 && (long)grown.Count * choices.Count > MaxAlternatives)
        {
            throw new RuleException(value.At, SigmaCodes.Limit, $"the value stands for more than {MaxAlternatives} strings");
        }

        var product = new List<List<PatternPart>>(grown.Count * choices.Count);
        foreach (var choice in choices)
        {
            var inserted = TextPattern.Parse(choice).Parts;
            foreach (var parts in grown) product.Add([.. parts, .. inserted]);
        }

        return product;
    }

    private static string Text(PatternPart part) => Encoding.UTF8.GetString(part.Bytes);

    private static int Base64Length(int bytes) => System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes);

    private static void Refuse(TextPattern pattern, RuleValue value)
    {
        if (pattern.HasWildcard)
            throw new RuleException(value.At, SigmaCodes.ModifierUse, "a value with wildcards cannot be Base64 encoded");
    }
}
