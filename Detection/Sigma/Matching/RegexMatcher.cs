using System.Text.RegularExpressions;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// A regular expression, searched anywhere in the value unless it anchors itself. Its literals are looked for before it runs.
/// </summary>
internal sealed class RegexMatcher : ValueMatcher
{
    /// <summary>
    /// The time limit is one of the wall clock: on a busy host a thread that was not running, or that was compiling, exceeds it
    /// without having searched. An expression that is slow by itself exceeds it each time.
    /// </summary>
    private const int Attempts = 3;

    private readonly Regex _regex;
    private readonly byte[][] _literals;

    /// <param name="regex">With a time limit: on exceeding it again and again the evaluation fails, and the rule is told so.</param>
    /// <param name="literals">ASCII literals of which one occurs in every match; empty when none is sure.</param>
    public RegexMatcher(Regex regex, IReadOnlyList<string> literals)
    {
        _regex = regex;
        _literals = [.. literals.Select(literal => CaseFold.Fold(System.Text.Encoding.UTF8.GetBytes(literal)))];
        Key = $"r{(int)regex.Options}:{regex}";
        Necessary = _literals.Length == 0 ? null : [.. _literals.Select(literal => new Literal(literal, false, false))];
    }

    public override string Key { get; }

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool Matches(in MatchValue value) => MayMatch(value) && Search(value.Chars); // hot

    private bool Search(ReadOnlySpan<char> text) // hot
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return _regex.IsMatch(text);
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
}
