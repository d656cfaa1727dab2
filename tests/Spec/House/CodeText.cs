using System.Text;

namespace Picket.Spec.House;

/// <summary>C# as far as a textual rule needs it: no comments, nothing inside literals, and what a bracket encloses.</summary>
internal static class CodeText
{
    /// <summary>The text with comments and the content of literals blanked; line feeds and the quotes with their prefixes stay.</summary>
    public static string Bare(string code)
    {
        var bare = new StringBuilder(code.Length);
        for (var at = 0; at < code.Length;)
        {
            var end = EndOfLiteral(code, at);
            if (end == at)
            {
                bare.Append(code[at++]);
                continue;
            }

            bare.Append(code[at] is '"' or '\'' ? code[at] : ' ');
            for (var inside = at + 1; inside < end; inside++) bare.Append(code[inside] == '\n' ? '\n' : ' ');
            at = end;
        }

        return bare.ToString();
    }

    /// <summary>The declaration that begins at <paramref name="start"/> of a bare text: to its closing brace or semicolon.</summary>
    public static string Declaration(string bare, int start)
    {
        var depth = 0;
        for (var at = start; at < bare.Length; at++)
        {
            if (bare[at] is '(' or '[' or '{') depth++;
            if (bare[at] is ')' or ']' or '}') depth--;
            if (depth == 0 && (bare[at] == ';' || bare[at] == '}' && IsBlockBodied(bare[start..at]))) return bare[start..(at + 1)];
        }

        return "";
    }

    /// <summary>Where the innermost bracket opens that encloses <paramref name="at"/>; -1 for none.</summary>
    public static int Enclosing(string bare, int at)
    {
        var depth = 0;
        for (at--; at >= 0; at--)
        {
            if (bare[at] is ')' or ']' or '}') depth++;
            if ((bare[at] is '(' or '[' or '{') && depth-- == 0) return at;
        }

        return -1;
    }

    /// <summary>Whether the first brace outside of the parameters comes before the first arrow.</summary>
    private static bool IsBlockBodied(string declaration)
    {
        var depth = 0;
        for (var at = 0; at < declaration.Length; at++)
        {
            if (declaration[at] is '(' or '[') depth++;
            if (declaration[at] is ')' or ']') depth--;
            if (depth != 0) continue;
            if (declaration[at] == '{') return true;
            if (declaration[at] == '=' && at + 1 < declaration.Length && declaration[at + 1] == '>') return false;
        }

        return false;
    }

    /// <summary>Behind the comment or literal that begins at <paramref name="at"/>; <paramref name="at"/> when none does.</summary>
    private static int EndOfLiteral(string code, int at)
    {
        var rest = code.AsSpan(at);
        if (rest.StartsWith("//")) return Behind(code, "\n", at, 0);
        if (rest.StartsWith("/*")) return Behind(code, "*/", at + 2, 2);
        if (rest.StartsWith("\"\"\""))
        {
            var quotes = rest.IndexOfAnyExcept('"') is var count and > 0 ? count : rest.Length;
            return Behind(code, new string('"', quotes), at + quotes, quotes);
        }

        if (rest[0] is not ('"' or '\'')) return at;
        var verbatim = at > 0 && code[at - 1] == '@' || at > 1 && code[at - 1] == '$' && code[at - 2] == '@';
        for (var end = at + 1; end < code.Length; end++)
        {
            if (code[end] == '\\' && !verbatim) end++;
            else if (code[end] == rest[0]) return end + 1;
        }

        return code.Length;
    }

    private static int Behind(string code, string mark, int from, int length) =>
        code.IndexOf(mark, from, StringComparison.Ordinal) is var found and >= 0 ? found + length : code.Length;
}
