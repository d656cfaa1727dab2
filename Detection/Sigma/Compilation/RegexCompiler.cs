using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Builds matchers for <c>re</c>. Rules are written for PCRE; what .NET would read otherwise is translated or refused. The
/// automaton without backtracking is taken where it has what the expression uses, unless the expression counts far: there
/// it would make a state per count (a second for <c>.{1000,}</c>, where backtracking needs none). Both run under the time limit.
/// </summary>
internal static partial class RegexCompiler
{
    /// <summary>A count of 32 or more.</summary>
    [GeneratedRegex(@"\{(\d*,)?(3[2-9]|[4-9]\d|\d{3,})", RegexOptions.CultureInvariant)]
    private static partial Regex CountsFar();

    /// <exception cref="RuleException">The expression is malformed.</exception>
    public static RegexMatcher Compile(RuleValue value, IReadOnlyList<Modifier> modifiers, TimeSpan limit)
    {
        var options = RegexOptions.CultureInvariant;
        bool starts = false, ends = false;
        foreach (var modifier in modifiers)
        {
            options |= modifier switch
            {
                Modifier.IgnoreCase => RegexOptions.IgnoreCase,
                Modifier.MultiLine => RegexOptions.Multiline,
                Modifier.DotAll => RegexOptions.Singleline,
                _ => RegexOptions.None,
            };
            starts |= modifier == Modifier.StartsWith;
            ends |= modifier == Modifier.EndsWith;
        }

        if (value.Text.Contains("[[:", StringComparison.Ordinal))
        {
            throw new RuleException(value.At, SigmaCodes.Regex, "POSIX character classes are not part of Sigma's regular expressions");
        }

        var pattern = value.Text.Replace("(?P<", "(?<", StringComparison.Ordinal);
        if (starts) pattern = $@"\A(?:{pattern})";
        if (ends) pattern = $@"(?:{pattern})\z";
        return new RegexMatcher(Build(pattern, options, limit, value), RegexLiterals.Find(pattern, options));
    }

    private static Regex Build(string pattern, RegexOptions options, TimeSpan limit, RuleValue value)
    {
        var automaton = CountsFar().IsMatch(pattern) ? RegexOptions.None : RegexOptions.NonBacktracking;
        try
        {
            return new Regex(pattern, options | automaton, limit);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, limit);
        }
        catch (ArgumentException failure)
        {
            throw new RuleException(value.At, SigmaCodes.Regex, failure.Message);
        }
    }
}
