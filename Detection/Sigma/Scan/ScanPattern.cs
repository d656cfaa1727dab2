using System.Text;

namespace Picket.Detection.Sigma.Scan;

/// <summary>A string with wildcards, as a list of literals (byte strings) and wildcards.</summary>
internal sealed class ScanPattern(IEnumerable<(char Kind, string Bytes)> tokens)
{
    public const char Literal = 'l';
    public const char Run = '*';
    public const char One = '?';

    public IReadOnlyList<(char Kind, string Bytes)> Tokens { get; } = Merge(tokens);

    public bool IsPlain => Tokens.All(token => token.Kind == Literal);

    public string PlainBytes => string.Concat(Tokens.Select(token => token.Bytes));

    public static ScanPattern Plain(string bytes) => new([(Literal, bytes)]);

    /// <summary>Reads wildcards and escapes from a rule's text.</summary>
    public static ScanPattern Parse(string text)
    {
        var tokens = new List<(char Kind, string Bytes)>();
        var plain = new StringBuilder();
        var escaped = false;
        foreach (var c in text)
        {
            var special = c is '*' or '?' or '\\';
            if (escaped)
            {
                if (!special) plain.Append('\\');
                plain.Append(c);
                escaped = false;
            }
            else if (c == '\\')
            {
                escaped = true;
            }
            else if (special)
            {
                tokens.Add((Literal, ScanText.FromText(plain.ToString())));
                tokens.Add((c, ""));
                plain.Clear();
            }
            else
            {
                plain.Append(c);
            }
        }

        if (escaped) plain.Append('\\');
        tokens.Add((Literal, ScanText.FromText(plain.ToString())));
        return new ScanPattern(tokens);
    }

    /// <summary>Whether the whole of <paramref name="text"/> (a byte string) is one of the strings that the pattern stands for.</summary>
    public bool Matches(string text, bool cased)
    {
        var starts = new HashSet<int>();
        var lengths = new Dictionary<int, int>();
        var at = 0;
        foreach (var character in ScanText.Characters(text))
        {
            lengths[at] = character.Length;
            at += character.Length;
        }

        // Where in the text a match of the tokens so far may end.
        starts.Add(0);
        foreach (var (kind, bytes) in Tokens)
        {
            var literal = cased ? bytes : ScanText.Fold(bytes);
            var ends = new HashSet<int>();
            foreach (var start in starts)
            {
                if (kind == Literal && text[start..].StartsWith(literal, StringComparison.Ordinal)) ends.Add(start + literal.Length);
                if (kind == One && lengths.TryGetValue(start, out var length)) ends.Add(start + length);
            }

            if (kind == Run && starts.Count > 0)
            {
                for (var end = starts.Min(); end <= text.Length; end++) ends.Add(end);
            }

            starts = ends;
        }

        return starts.Contains(text.Length);
    }

    private static List<(char Kind, string Bytes)> Merge(IEnumerable<(char Kind, string Bytes)> tokens)
    {
        var merged = new List<(char Kind, string Bytes)>();
        foreach (var token in tokens)
        {
            var joins = token.Kind == Literal && merged.Count > 0 && merged[^1].Kind == Literal;
            if (joins) merged[^1] = (Literal, merged[^1].Bytes + token.Bytes);
            else merged.Add(token);
        }

        return merged;
    }
}
