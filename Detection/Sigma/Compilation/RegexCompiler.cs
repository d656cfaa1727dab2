using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Builds matchers for <c>re</c>. Rules are written for PCRE; what .NET would read otherwise is translated or refused. Whatever runs an
/// expression, it does so under the time limit.
/// </summary>
internal static class RegexCompiler
{
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
        try
        {
            return new Regex(pattern, options, limit);
        }
        catch (ArgumentException failure)
        {
            throw new RuleException(value.At, SigmaCodes.Regex, failure.Message);
        }
    }
}
