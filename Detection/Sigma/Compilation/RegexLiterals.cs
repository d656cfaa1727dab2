using System.Text;
using System.Text.RegularExpressions;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Finds literals of which one is in every match of an expression: for a sequence those of its best part, for alternatives
/// all of theirs. It gives up (returns none) on whatever it does not understand; it never names one that may be missing.
/// </summary>
internal sealed class RegexLiterals
{
    private const int MaxAlternatives = 64;
    private const int MaxDepth = 32;
    private const string CaseSwitch = "(?i)";

    private readonly string _pattern;
    private readonly bool _ignoreCase;
    private int _at;

    private RegexLiterals(string pattern, bool ignoreCase)
    {
        // The switch at the very start is how most rules ask for it; anywhere else it is not understood.
        var switched = pattern.StartsWith(CaseSwitch, StringComparison.Ordinal);
        _pattern = pattern;
        _ignoreCase = ignoreCase || switched;
        _at = switched ? CaseSwitch.Length : 0;
    }

    /// <summary>The literals, ASCII, not empty; none when none is sure.</summary>
    public static IReadOnlyList<string> Find(string pattern, RegexOptions options)
    {
        var reader = new RegexLiterals(pattern, options.HasFlag(RegexOptions.IgnoreCase));
        try
        {
            var found = reader.Alternatives(0);
            return found is null || reader._at < pattern.Length ? [] : found;
        }
        catch (GiveUpException)
        {
            return [];
        }
    }

    private List<string>? Alternatives(int depth)
    {
        if (depth > MaxDepth) throw new GiveUpException();
        var union = Sequence(depth);
        while (_at < _pattern.Length && _pattern[_at] == '|')
        {
            _at++;
            var other = Sequence(depth);
            if (union is not null && other is not null && union.Count + other.Count <= MaxAlternatives) union.AddRange(other);
            else union = null;
        }

        return union;
    }

    private List<string>? Sequence(int depth)
    {
        List<string>? best = null;
        var run = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var atom = Next(depth, out var literal);
            var least = Quantifier(out var quantified);
            if (literal is { } c && least > 0)
            {
                run.Append(c);
                if (!quantified) continue;
            }

            best = Better(best, run.Length > 0 ? [run.ToString()] : null);
            run.Clear();
            if (least > 0) best = Better(best, atom);
        }

        return Better(best, run.Length > 0 ? [run.ToString()] : null);
    }

    /// <summary>Reads one element: a sure literal character, or a group's literals, or neither.</summary>
    private List<string>? Next(int depth, out char? literal)
    {
        literal = null;
        var c = _pattern[_at++];
        switch (c)
        {
            case '\\':
                literal = Escape();
                return null;

            case '[':
                SkipClass();
                return null;

            case '(':
                return Group(depth);

            case '.' or '^' or '$':
                return null;

            default:
                literal = Sure(c);
                return null;
        }
    }

    /// <summary>
    /// Without regard to case, the platform knows equals of some letters beyond ASCII; i is the one whose equals fold apart.
    /// </summary>
    private char? Sure(char c) => !char.IsAscii(c) || (_ignoreCase && c is 'i' or 'I') ? null : c;

    private char? Escape()
    {
        if (_at == _pattern.Length) throw new GiveUpException();
        var c = _pattern[_at++];
        if (!char.IsLetterOrDigit(c)) return Sure(c);
        if (c is 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'b' or 'B' or 'A' or 'z' or 'Z') return null;
        return c switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            _ => throw new GiveUpException(),
        };
    }

    private void SkipClass()
    {
        if (_at < _pattern.Length && _pattern[_at] == '^') _at++;
        if (_at < _pattern.Length && _pattern[_at] == ']') _at++;
        for (; _at < _pattern.Length && _pattern[_at] != ']'; _at++)
        {
            if (_pattern[_at] == '\\') _at++;
            else if (_pattern[_at] == '[') throw new GiveUpException();
        }

        if (_at >= _pattern.Length) throw new GiveUpException();
        _at++;
    }

    private List<string>? Group(int depth)
    {
        var counts = true;
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            if (Starts("?:")) _at += 2;
            else if (Starts("?=") || Starts("?!")) (_at, counts) = (_at + 2, false);
            else if (Starts("?<=") || Starts("?<!")) (_at, counts) = (_at + 3, false);
            else throw new GiveUpException();
        }

        var inner = Alternatives(depth + 1);
        if (_at >= _pattern.Length || _pattern[_at] != ')') throw new GiveUpException();
        _at++;
        return counts ? inner : null;
    }

    private bool Starts(string text) => _pattern.AsSpan(_at).StartsWith(text, StringComparison.Ordinal);

    /// <summary>The least count of the quantifier that may follow; 1 without one.</summary>
    private int Quantifier(out bool quantified)
    {
        quantified = true;
        var least = 1;
        if (_at >= _pattern.Length || _pattern[_at] is not ('*' or '+' or '?' or '{'))
        {
            quantified = false;
            return least;
        }

        switch (_pattern[_at])
        {
            case '+':
                _at++;
                break;

            case '{':
                var close = _pattern.IndexOf('}', _at);
                var comma = _pattern.IndexOf(',', _at);
                if (close < 0) throw new GiveUpException();
                var digits = _pattern.AsSpan(_at + 1, (comma > 0 && comma < close ? comma : close) - _at - 1);
                if (!int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
                    out least))
                {
                    throw new GiveUpException();
                }

                _at = close + 1;
                break;

            default:
                least = 0;
                _at++;
                break;
        }

        if (_at < _pattern.Length && _pattern[_at] is '?' or '+') _at++;
        return least;
    }

    private static List<string>? Better(List<string>? left, List<string>? right)
    {
        if (left is null) return right;
        if (right is null) return left;
        return Shortest(right) > Shortest(left) ? right : left;
    }

    private static int Shortest(List<string> literals)
    {
        var shortest = int.MaxValue;
        foreach (var literal in literals) shortest = Math.Min(shortest, literal.Length);
        return shortest;
    }

    private sealed class GiveUpException : Exception;
}
