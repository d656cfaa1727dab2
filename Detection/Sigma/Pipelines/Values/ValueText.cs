using System.Text;

namespace Picket.Detection.Sigma.Pipelines.Values;

/// <summary>
/// The two forms of a value with wildcards: as rules write it, where a backslash may be escaped, and plain, as pipelines see it, where a
/// backslash is one wherever that says the same.
/// </summary>
internal static class ValueText
{
    /// <summary>Reads what a rule has.</summary>
    public static List<ValuePart> Split(string text)
    {
        var parts = new List<ValuePart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '*' or '?' or '\\')
            {
                literal.Append(text[++i]);
            }
            else if (text[i] is '*' or '?')
            {
                Flush();
                parts.Add(new ValuePart(true, text[i].ToString()));
            }
            else
            {
                literal.Append(text[i]);
            }
        }

        Flush();
        return parts;

        void Flush()
        {
            if (literal.Length > 0) parts.Add(new ValuePart(false, literal.ToString()));
            literal.Clear();
        }
    }

    /// <summary>Writes what a rule may have.</summary>
    public static string Join(IEnumerable<ValuePart> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part.IsWildcard) text.Append(part.Text);
            else text.Append(Escape(part.Text));
        }

        return text.ToString();
    }

    /// <summary>Literal text as rules write it.</summary>
    public static string Escape(string literal) => literal.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("*", @"\*", StringComparison.Ordinal).Replace("?", @"\?", StringComparison.Ordinal);

    /// <summary>The plain form: escaped wildcards, and backslashes doubled only before one.</summary>
    public static string Plain(IReadOnlyList<ValuePart> parts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i].Text;
            if (parts[i].IsWildcard)
            {
                text.Append(part);
                continue;
            }

            for (var at = 0; at < part.Length; at++)
            {
                if (part[at] is '*' or '?') text.Append('\\');
                var run = part[at] == '\\' ? RunAt(part, at) : 0;
                if (run > 0 && (at + run < part.Length ? part[at + run] is '*' or '?' : i + 1 < parts.Count)) text.Append('\\', run);
                text.Append(part, at, Math.Max(1, run));
                at += Math.Max(1, run) - 1;
            }
        }

        return text.ToString();
    }

    /// <summary>What a rule may have for the plain form.</summary>
    public static string FromPlain(string plain)
    {
        var text = new StringBuilder();
        for (var at = 0; at < plain.Length; at++)
        {
            var run = plain[at] == '\\' ? RunAt(plain, at) : 0;
            if (run == 0)
            {
                text.Append(plain[at]);
                continue;
            }

            var isEscape = at + run < plain.Length && plain[at + run] is '*' or '?';
            text.Append('\\', isEscape ? run : 2 * run);
            at += run - 1;
        }

        return text.ToString();
    }

    private static int RunAt(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == '\\') end++;
        return end - at;
    }
}
