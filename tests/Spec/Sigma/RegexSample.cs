using System.Text;

namespace Picket.Spec.Sigma;

/// <summary>Writes one string that a simple regular expression matches, or gives up.</summary>
internal sealed class RegexSample(string pattern)
{
    private int _at;

    public static string? Of(string pattern)
    {
        try
        {
            pattern = pattern.Replace("(?i)", "", StringComparison.Ordinal);
            var sample = new RegexSample(pattern);
            var text = sample.Alternatives();
            return sample._at == pattern.Length ? text : null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private string Alternatives()
    {
        var first = Sequence();
        while (_at < pattern.Length && pattern[_at] == '|')
        {
            _at++;
            Sequence();
        }

        return first;
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
        {
            var element = Element();
            for (var count = Count(); count > 0; count--) text.Append(element);
        }

        return text.ToString();
    }

    private string Element()
    {
        var c = pattern[_at++];
        switch (c)
        {
            case '(':
                if (_at < pattern.Length && pattern[_at] == '?')
                {
                    if (pattern[_at + 1] != ':') throw new NotSupportedException();
                    _at += 2;
                }

                var inner = Alternatives();
                _at++;
                return inner;

            case '[':
                return Class();

            case '\\':
                return Escape(pattern[_at++]);

            case '^' or '$':
                return "";

            default:
                return c == '.' ? "x" : c.ToString();
        }
    }

    private static string Escape(char c) => c switch
    {
        'd' => "7",
        'w' => "w",
        's' => " ",
        'S' or 'D' => "x",
        'W' => "-",
        'b' => "",
        't' => "\t",
        _ when char.IsLetterOrDigit(c) => throw new NotSupportedException(),
        _ => c.ToString(),
    };

    private string Class()
    {
        var negated = pattern[_at] == '^';
        if (negated) _at++;
        var first = _at;
        if (pattern[_at] == ']') _at++;
        while (pattern[_at] != ']') _at += pattern[_at] == '\\' ? 2 : 1;
        var members = pattern[first.._at++];
        if (!negated) return members[0] == '\\' ? Escape(members[1]) : members[..1];
        foreach (var candidate in "x7 -Q~")
        {
            if (!System.Text.RegularExpressions.Regex.IsMatch(candidate.ToString(), $"[{members}]")) return candidate.ToString();
        }

        throw new NotSupportedException();
    }

    private int Count()
    {
        if (_at == pattern.Length) return 1;
        var count = 1;
        switch (pattern[_at])
        {
            case '*' or '?':
                count = 0;
                break;

            case '+':
                break;

            case '{':
                var end = pattern.IndexOf('}', _at);
                count = int.Parse(pattern[(_at + 1)..end].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
                _at = end;
                break;

            default:
                return 1;
        }

        _at++;
        if (_at < pattern.Length && pattern[_at] == '?') _at++;
        return count;
    }
}
