using System.Text;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Scan;

/// <summary>Applies string modifiers to patterns.</summary>
internal static class ScanModifiers
{
    public static IEnumerable<ScanPattern> Apply(
        Modifier modifier, ScanPattern pattern, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        switch (modifier)
        {
            case Modifier.Contains:
                return [new ScanPattern([Run, .. pattern.Tokens, Run])];

            case Modifier.StartsWith:
                return [new ScanPattern([.. pattern.Tokens, Run])];

            case Modifier.EndsWith:
                return [new ScanPattern([Run, .. pattern.Tokens])];

            case Modifier.Base64:
                return [ScanPattern.Plain(Convert.ToBase64String(Bytes(pattern)))];

            case Modifier.Base64Offset:
                return Enumerable.Range(0, 3).Select(offset => ScanPattern.Plain(Base64At(Bytes(pattern), offset)));

            case Modifier.Utf16Le:
                return [Encode(pattern, Encoding.Unicode, "")];

            case Modifier.Utf16Be:
                return [Encode(pattern, Encoding.BigEndianUnicode, "")];

            case Modifier.Utf16:
                return [Encode(pattern, Encoding.Unicode, "\u00FF\u00FE")];

            case Modifier.WinDash:
                return Split(pattern, WinDashes);

            case Modifier.Expand:
                return Split(pattern, text => Placeholders(text, placeholders));

            default:
                return [pattern];
        }
    }

    /// <summary>Whether a value has a placeholder that stands for nothing.</summary>
    public static bool LacksValues(RuleValue value, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders) =>
        ScanPattern.Parse(value.Text).Tokens.Any(token =>
            token.Kind == ScanPattern.Literal && !Placeholders(ScanText.ToText(token.Bytes), placeholders).Any());

    private static (char Kind, string Bytes) Run => (ScanPattern.Run, "");

    private static byte[] Bytes(ScanPattern pattern) => Encoding.Latin1.GetBytes(pattern.PlainBytes);

    /// <summary>Encodes with one to three blanks before, then cuts what the blanks and the unknown rest have a part in.</summary>
    private static string Base64At(byte[] bytes, int offset)
    {
        var code = Convert.ToBase64String([.. Enumerable.Repeat((byte)' ', offset), .. bytes]);
        var cutBefore = offset switch { 0 => 0, 1 => 2, _ => 3 };
        var cutAfter = ((bytes.Length + offset) % 3) switch { 0 => 0, 1 => 3, _ => 2 };
        return code[cutBefore..^cutAfter];
    }

    private static ScanPattern Encode(ScanPattern pattern, Encoding encoding, string mark)
    {
        var tokens = pattern.Tokens
            .Select(token => (token.Kind, ScanText.FromBytes(encoding.GetBytes(ScanText.ToText(token.Bytes)))));
        return new ScanPattern([(ScanPattern.Literal, mark), .. tokens]);
    }

    /// <summary>Replaces each literal by its alternatives, in all combinations.</summary>
    private static IEnumerable<ScanPattern> Split(ScanPattern pattern,
        Func<string, IEnumerable<IReadOnlyList<(char Kind, string Bytes)>>> alternatives)
    {
        IEnumerable<IReadOnlyList<(char Kind, string Bytes)>> all = [[]];
        foreach (var token in pattern.Tokens)
        {
            var choices = token.Kind == ScanPattern.Literal ? alternatives(ScanText.ToText(token.Bytes)).ToList() : [[token]];
            all = [.. all.SelectMany(_ => choices, IReadOnlyList<(char Kind, string Bytes)> (before, choice) => [.. before, .. choice])];
        }

        return all.Select(tokens => new ScanPattern(tokens));
    }

    private static IEnumerable<IReadOnlyList<(char Kind, string Bytes)>> WinDashes(string text)
    {
        IEnumerable<string> all = [""];
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var afterWord = i > 0 && IsWord(text[i - 1]);
            var beforeWord = i + 1 < text.Length && IsWord(text[i + 1]);
            if (!(text[i] is '-' or '/' or '–' or '—' or '―') || afterWord || !beforeWord) continue;
            var before = text[from..i];
            all = [.. all.SelectMany(_ => "-/–—―", (form, dash) => form + before + dash)];
            from = i + 1;
        }

        all = all.Select(form => form + text[from..]);
        return all.Select(IReadOnlyList<(char Kind, string Bytes)> (form) => [(ScanPattern.Literal, ScanText.FromText(form))]);
    }

    private static bool IsWord(char c) => char.IsLetter(c) || char.IsNumber(c) || c == '_';

    private static IEnumerable<IReadOnlyList<(char Kind, string Bytes)>> Placeholders(
        string text, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        var open = 0;
        while (true)
        {
            open = text.IndexOf('%', open);
            if (open < 0) return [[(ScanPattern.Literal, ScanText.FromText(text.Replace(@"\%", "%", StringComparison.Ordinal)))]];
            var close = open + 1;
            while (close < text.Length && IsWord(text[close])) close++;
            if ((open == 0 || text[open - 1] != '\\') && close > open + 1 && close < text.Length && text[close] == '%') break;
            open++;
        }

        var end = text.IndexOf('%', open + 1);
        var name = text[(open + 1)..end];
        var head = (ScanPattern.Literal, ScanText.FromText(text[..open].Replace(@"\%", "%", StringComparison.Ordinal)));
        return placeholders.GetValueOrDefault(name, []).SelectMany(
            _ => Placeholders(text[(end + 1)..], placeholders),
            IReadOnlyList<(char Kind, string Bytes)> (value, rest) => [head, .. ScanPattern.Parse(value).Tokens, .. rest]);
    }
}
