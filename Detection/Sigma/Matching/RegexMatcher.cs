using System.Text.RegularExpressions;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// A regular expression, searched anywhere in the value unless it anchors itself. Its literals are looked for before it runs. The automaton
/// without backtracking is taken where it has what the expression uses, unless the expression counts far: there it would make a state per
/// count (a second for <c>.{1000,}</c>, where backtracking needs none). It is made when it is first needed: most rules' never is. One that
/// backtracks and is searched for often is compiled in the background, where the platform can.
/// </summary>
internal sealed partial class RegexMatcher : ValueMatcher
{
    /// <summary>
    /// The time limit is one of the wall clock: on a busy host a thread that was not running, or that was compiling, exceeds it
    /// without having searched. An expression that is slow by itself exceeds it each time.
    /// </summary>
    private const int Attempts = 3;

    /// <summary>
    /// Searches after which an expression is one of the few that rules ask for all the time: from then on it is searched for once in each
    /// new value instead of once in each event.
    /// </summary>
    internal const int Hot = 1024;

    private readonly Regex _checked;
    private readonly byte[][] _literals;
    private Regex? _regex;
    private int _searches;
    private bool _isHot;

    /// <param name="regex">With a time limit: on exceeding it again and again the evaluation fails, and the rule is told so.</param>
    /// <param name="literals">ASCII literals of which one occurs in every match; empty when none is sure.</param>
    public RegexMatcher(Regex regex, IReadOnlyList<string> literals)
    {
        _checked = regex;
        _literals = [.. literals.Select(literal => CaseFold.Fold(System.Text.Encoding.UTF8.GetBytes(literal)))];
        Necessary = _literals.Length == 0 ? null : [.. _literals.Select(literal => new Literal(literal, false, false))];
    }

    public override void WriteKey(QuestionKey key)
    {
        key.Add('r');
        key.Add((int)_checked.Options);
        key.Add(_checked.ToString());
    }

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool IsPlain => false;

    public override bool Matches(in MatchValue value) => HasLiteral(value) && Search(value.Chars); // hot

    public override bool MayMatch(in MatchValue value) // hot
    {
        if (!_isHot) return true;
        try
        {
            return Search(value.Chars);
        }
        catch (RegexMatchTimeoutException)
        {
            // The rule that depends on it asks again, fails and is told so; others do not pay for it any more.
            _isHot = false;
            return true;
        }
    }

    private bool Search(ReadOnlySpan<char> text) // hot
    {
        // Counted by several threads without care: it may take a few more searches.
        if (++_searches == Hot) Warm();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (_regex ??= WithoutBacktracking(_checked)).IsMatch(text);
            }
            catch (RegexMatchTimeoutException) when (attempt < Attempts)
            {
                // Once more: see Attempts.
            }
        }
    }

    private bool HasLiteral(in MatchValue value)
    {
        if (_literals.Length == 0) return true;
        var text = value.Folded;
        foreach (var literal in _literals)
        {
            if (text.IndexOf(literal) >= 0) return true;
        }

        return false;
    }

    private void Warm()
    {
        _isHot = true;
        if (_regex?.Options.HasFlag(RegexOptions.NonBacktracking) != false) return;
        ThreadPool.UnsafeQueueUserWorkItem(static matcher =>
        {
            var from = matcher._checked;
            matcher._regex = new Regex(from.ToString(), from.Options | RegexOptions.Compiled, from.MatchTimeout);
        }, this, preferLocal: false);
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
