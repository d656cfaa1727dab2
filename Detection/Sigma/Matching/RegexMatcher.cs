using System.Text.RegularExpressions;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// A regular expression, searched anywhere in the value unless it anchors itself. Its literals are looked for before it runs. The automaton
/// without backtracking is taken where it has what the expression uses, unless the expression counts far: there it would make a state per
/// count (a second for <c>.{1000,}</c>, where backtracking needs none). It is made when it is first needed: most rules' never is.
/// </summary>
internal sealed partial class RegexMatcher : ValueMatcher
{
    /// <summary>
    /// The time limit is one of the wall clock: on a busy host a thread that was not running, or that was compiling, exceeds it
    /// without having searched. An expression that is slow by itself exceeds it each time.
    /// </summary>
    private const int Attempts = 3;

    private readonly Regex _checked;
    private readonly Lazy<Regex> _regex;
    private readonly byte[][] _literals;

    /// <param name="regex">With a time limit: on exceeding it again and again the evaluation fails, and the rule is told so.</param>
    /// <param name="literals">ASCII literals of which one occurs in every match; empty when none is sure.</param>
    public RegexMatcher(Regex regex, IReadOnlyList<string> literals)
    {
        _checked = regex;
        _regex = new Lazy<Regex>(() => WithoutBacktracking(regex));
        _literals = [.. literals.Select(literal => CaseFold.Fold(System.Text.Encoding.UTF8.GetBytes(literal)))];
        Necessary = _literals.Length == 0 ? null : [.. _literals.Select(literal => new Literal(literal, false, false))];
    }

    public override string Key => $"r{(int)_checked.Options}:{_checked}";

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool IsPlain => false;

    public override bool Matches(in MatchValue value) => MayMatch(value) && Search(value.Chars); // hot

    private bool Search(ReadOnlySpan<char> text) // hot
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return _regex.Value.IsMatch(text);
            }
            catch (RegexMatchTimeoutException) when (attempt < Attempts)
            {
                // Once more: see Attempts.
            }
        }
    }

    private bool MayMatch(in MatchValue value)
    {
        if (_literals.Length == 0) return true;
        var text = value.Folded;
        foreach (var literal in _literals)
        {
            if (text.IndexOf(literal) >= 0) return true;
        }

        return false;
    }

    /// <summary>A count of 32 or more.</summary>
    [GeneratedRegex(@"\{(\d*,)?(3[2-9]|[4-9]\d|\d{3,})", RegexOptions.CultureInvariant)]
    private static partial Regex CountsFar();

    private static Regex WithoutBacktracking(Regex regex)
    {
        if (CountsFar().IsMatch(regex.ToString())) return regex;
        try
        {
            return new Regex(regex.ToString(), regex.Options | RegexOptions.NonBacktracking, regex.MatchTimeout);
        }
        catch (NotSupportedException)
        {
            return regex;
        }
    }
}
