using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Reads one condition by recursive descent. Binding, from loose to tight: or, and, not, <c>N of</c>, parentheses. Keywords
/// are case-insensitive; a selection that bears a keyword's name is reachable where the keyword cannot stand.
/// </summary>
internal sealed class ConditionParser
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private readonly Place _place;
    private readonly IReadOnlyList<string> _selections;
    private readonly HashSet<string> _used;
    private readonly List<(string Word, int Offset)> _words = [];
    private readonly bool _spans;
    private readonly string _what;
    private int _next;

    private ConditionParser(string text, Place place, IReadOnlyList<string> selections, HashSet<string> used, bool spans, string what)
    {
        _what = what;
        _spans = spans || text.Contains('\n', StringComparison.Ordinal);
        _text = text;
        _place = place;
        _selections = selections;
        _used = used;
    }

    /// <summary>Parses <paramref name="text"/>.</summary>
    /// <param name="text">The condition.</param>
    /// <param name="place">Where it starts.</param>
    /// <param name="selections">The rule's selections, in order.</param>
    /// <param name="used">Takes the names that the condition uses.</param>
    /// <param name="spans">Whether it is written over several lines, of which the text shows nothing when YAML has joined them.</param>
    /// <param name="what">What it names, for messages.</param>
    /// <exception cref="RuleException">The grammar is broken or a selection is unknown.</exception>
    public static ConditionNode Parse(
        string text, Place place, IReadOnlyList<string> selections, HashSet<string> used, bool spans = false,
        string what = "selection of the rule")
    {
        if (text.Contains('|', StringComparison.Ordinal))
        {
            throw new RuleException(place, SigmaCodes.Aggregation, "aggregation in a condition ('|') was replaced by correlation rules");
        }

        var parser = new ConditionParser(text, place, selections, used, spans, what);
        parser.Tokenise();
        if (parser._words.Count == 0) throw new RuleException(place, SigmaCodes.Condition, "the condition is empty");
        var node = parser.Or(0);
        if (parser._next < parser._words.Count) throw parser.Unexpected();
        return node;
    }

    private void Tokenise()
    {
        for (var i = 0; i < _text.Length;)
        {
            var c = _text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '(' or ')')
            {
                _words.Add((c.ToString(), i++));
            }
            else
            {
                var start = i;
                while (i < _text.Length && IsWordChar(_text[i])) i++;
                if (i == start) throw Error(i, $"unexpected character '{c}'");
                _words.Add((_text[start..i], start));
            }
        }
    }

    private static bool IsWordChar(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '*';

    private ConditionNode Or(int depth)
    {
        var first = And(depth);
        if (!TakeKeyword("or")) return first;
        var parts = new List<ConditionNode> { first };
        do parts.Add(And(depth));
        while (TakeKeyword("or"));
        return new ConditionNode.Or(parts);
    }

    private ConditionNode And(int depth)
    {
        var first = Not(depth);
        if (!TakeKeyword("and")) return first;
        var parts = new List<ConditionNode> { first };
        do parts.Add(Not(depth));
        while (TakeKeyword("and"));
        return new ConditionNode.And(parts);
    }

    private ConditionNode Not(int depth)
    {
        if (depth > MaxDepth) throw Error(Offset(), $"more than {MaxDepth} levels");
        return TakeKeyword("not") ? new ConditionNode.Not(Not(depth + 1)) : Operand(depth);
    }

    private ConditionNode Operand(int depth)
    {
        if (_next == _words.Count) throw Error(_text.Length, "the condition ends where a selection is expected");
        var (word, offset) = _words[_next];
        if (word == "(")
        {
            _next++;
            var inner = Or(depth + 1);
            if (!TakeKeyword(")")) throw Error(Offset(), $"no ')' for the '(' at character {offset + 1}");
            return inner;
        }

        if (Follows("of")) return Quantified();
        if (word == ")" || Is(word, "and") || Is(word, "or")) throw Unexpected();
        _next++;
        if (!_selections.Contains(word)) throw UnknownSelection(word, offset);
        _used.Add(word);
        return new ConditionNode.SelectionName(word);
    }

    private ConditionNode.AtLeast Quantified()
    {
        var (quantity, quantityOffset) = _words[_next];
        _next += 2;
        if (_next == _words.Count) throw Error(_text.Length, "'of' needs a pattern or 'them'");
        var (pattern, offset) = _words[_next++];
        if (pattern is "(" or ")") throw Error(offset, "'of' needs a pattern or 'them'");
        var names = new List<string>();
        foreach (var name in _selections)
        {
            // By convention a leading underscore keeps a selection out of every 'of'.
            if (name[0] != '_' && (Is(pattern, "them") || Fits(name, pattern))) names.Add(name);
        }

        if (names.Count == 0) throw new RuleException(PlaceOf(offset), SigmaCodes.UnknownSelection, $"no selection fits '{pattern}'");
        _used.UnionWith(names);
        return new ConditionNode.AtLeast(CountOf(quantity, quantityOffset, names.Count), names);
    }

    private int CountOf(string quantity, int offset, int available)
    {
        if (Is(quantity, "all")) return available;
        if (Is(quantity, "any")) return 1;
        if (!int.TryParse(quantity, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var count) || count == 0)
        {
            throw Error(offset, $"'{quantity} of': a number from 1, 'any' or 'all' is expected");
        }

        if (count > available) throw Error(offset, $"'{quantity} of' {available} selections can never hold");
        return count;
    }

    private static bool Fits(string name, string pattern)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return name == pattern;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var found = name.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + parts[i].Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private bool Follows(string keyword) => _next + 1 < _words.Count && Is(_words[_next + 1].Word, keyword);

    private bool TakeKeyword(string keyword)
    {
        if (_next == _words.Count || !Is(_words[_next].Word, keyword)) return false;
        _next++;
        return true;
    }

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private int Offset() => _next < _words.Count ? _words[_next].Offset : _text.Length;

    private RuleException Unexpected() => Error(_words[_next].Offset, $"unexpected '{_words[_next].Word}'");

    private RuleException UnknownSelection(string word, int offset) =>
        new(PlaceOf(offset), SigmaCodes.UnknownSelection,
            $"the condition names '{word}', which is no {_what}{NearName.Hint(word, _selections)}");

    private RuleException Error(int offset, string message) => new(PlaceOf(offset), SigmaCodes.Condition, message);

    /// <summary>Exact for a condition on one line without quotes; the start of the value otherwise.</summary>
    private Place PlaceOf(int offset) =>
        _spans ? _place : new Place(_place.Line, _place.Column + offset);
}
