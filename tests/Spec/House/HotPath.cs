using System.Text.RegularExpressions;

namespace Picket.Spec.House;

/// <summary>Finds in methods marked <c>// hot</c> what allocates or hides work. Textual: a hint to look, not a proof.</summary>
internal static partial class HotPath
{
    /// <summary>The marked declarations of a source text, bare, with their line, from 1.</summary>
    public static IEnumerable<(int Line, string Code)> Marked(string code)
    {
        var bare = CodeText.Bare(code);
        foreach (Match mark in Marker().Matches(code))
        {
            // A mark of its own line stands before the declaration and its attributes, else it stands behind the first line.
            var start = mark.Groups[1].Value.Trim().Length == 0 ? mark.Index + mark.Length : mark.Index;
            var declaration = CodeText.Declaration(bare, start);
            yield return (code.AsSpan(0, mark.Index).Count('\n') + 1, declaration);
        }
    }

    /// <summary>What is wrong with a bare declaration.</summary>
    public static IEnumerable<string> Faults(string declaration)
    {
        if (declaration.Length == 0) yield return "no declaration behind the mark";
        var code = Throw().Replace(declaration, "throw;");
        if (Linq().Match(code) is { Success: true } linq) yield return $"LINQ: {linq.Value}";
        if (Interpolation().IsMatch(code)) yield return "string interpolation outside of throw";
        if (Async().IsMatch(code)) yield return "async";
        if (Boxing().Match(code) is { Success: true } boxing) yield return $"boxing: {boxing.Value}";
        if (Closure(code)) yield return "a lambda or delegate";
        foreach (Match parameter in InterfaceParameter().Matches(code))
        {
            if (Regex.IsMatch(code, $@"\bforeach\s*\([^()]*\bin\s+{parameter.Groups[1].Value}\s*\)"))
                yield return $"foreach over {parameter.Value}, whose enumerator is an object";
        }
    }

    /// <summary>An arrow that belongs neither to the member itself, nor to an arm of a switch, nor to a local function.</summary>
    private static bool Closure(string code)
    {
        if (Delegate().IsMatch(code)) return true;
        foreach (Match arrow in Arrow().Matches(code))
        {
            var open = CodeText.Enclosing(code, arrow.Index);
            if (open < 0) continue;
            if (code[open] != '{') return true;
            if (Switch().IsMatch(code[..open])) continue;
            var statement = code[(code.LastIndexOfAny([';', '{', '}'], arrow.Index) + 1)..arrow.Index];
            if (Assigned().IsMatch(statement)) return true;
        }

        return false;
    }

    [GeneratedRegex(@"^(.*)// hot[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\bthrow\b[^;]*;")]
    private static partial Regex Throw();

    /// <summary>Names that a span or a type of ours has as well count only in the form that is LINQ's alone.</summary>
    [GeneratedRegex(
        @"\.(Select|SelectMany|Where|OrderBy|OrderByDescending|GroupBy|ToList|ToArray|ToDictionary|ToHashSet|Aggregate|Cast|OfType|Distinct|Zip|Append|Prepend|FirstOrDefault|LastOrDefault|SingleOrDefault)(<[^()]*>)?\((?=[^)]*=>)"
        + @"|\.(Any|First|Last|Single|Count|Max|Min|Sum|Average|ToList|ToArray|ToDictionary|ToHashSet|Distinct|FirstOrDefault|LastOrDefault|SingleOrDefault|AsEnumerable)\(\s*\)"
        + @"|\.(Cast|OfType)<[^(),]*>\(|\bEnumerable\.")]
    private static partial Regex Linq();

    [GeneratedRegex(@"\$@?""|@\$""")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\b(async|await)\b")]
    private static partial Regex Async();

    [GeneratedRegex(@"\bparams\s+object\b|\(object\??\)\s*\w|\bstring\.(Format|Concat)\(")]
    private static partial Regex Boxing();

    [GeneratedRegex(@"\bdelegate\b(?!\s*\*)")]
    private static partial Regex Delegate();

    [GeneratedRegex("=>")]
    private static partial Regex Arrow();

    [GeneratedRegex(@"\bswitch\s*$")]
    private static partial Regex Switch();

    [GeneratedRegex(@"(?<![=!<>])=(?!=)|\breturn\b")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\bI(?:Enumerable|Collection|ReadOnlyCollection|List|ReadOnlyList|Set|ReadOnlySet|Dictionary|ReadOnlyDictionary)<[^()]*?>\??\s+(\w+)")]
    private static partial Regex InterfaceParameter();
}
