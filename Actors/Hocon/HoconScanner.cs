using System.Globalization;
using System.Text;

namespace Picket.Hocon;

/// <summary>Reads the smallest parts of HOCON from a text: white space, comments, strings, numbers, words and path expressions.</summary>
internal sealed class HoconScanner
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly string _text;
    private readonly LineMap _lines;

    public HoconScanner(string text, string? source)
    {
        _text = text;
        _lines = new LineMap(text, source);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                throw new ConfigException(_lines.At(i), "the text is not valid Unicode: half of a surrogate pair");
            i++;
        }
    }

    /// <summary>The offset of the next character.</summary>
    public int Position { get; private set; }

    public bool AtEnd => Position >= _text.Length;

    /// <summary>The next character; NUL at the end (a NUL in the text is a character like others: ask <see cref="AtEnd"/>).</summary>
    public char Current => Position < _text.Length ? _text[Position] : '\0';

    public bool AtComment => Current == '#' || LooksAt("//");

    public ConfigOrigin Here => _lines.At(Position);

    public ConfigOrigin OriginAt(int offset) => _lines.At(offset);

    public bool LooksAt(string word) => string.CompareOrdinal(_text, Position, word, 0, word.Length) == 0;

    public void Skip(int count = 1) => Position += count;

    public bool TrySkip(string word)
    {
        if (!LooksAt(word)) return false;
        Position += word.Length;
        return true;
    }

    public ConfigException Fault(string reason) => new(Here, reason);

    /// <summary>An error that names the next character, or the end of the text.</summary>
    public ConfigException Unexpected(string where) => AtEnd
        ? Fault($"the text ends {where}")
        : Fault($"{Name(Current)} is not allowed {where}");

    /// <summary>What the specification takes as white space, newlines among it.</summary>
    public static bool IsWhitespace(char c) =>
        c is ' ' or (>= '\t' and <= '\r') or (>= '\u001c' and <= '\u001f') or '\ufeff'
        || (c > '\u0085' && char.IsWhiteSpace(c));

    /// <summary>Skips white space but no newline; tells the skipped text.</summary>
    public string SkipBlanks()
    {
        var from = Position;
        while (!AtEnd && Current != '\n' && IsWhitespace(Current)) Position++;
        return _text[from..Position];
    }

    /// <summary>Skips white space, newlines and comments; tells whether a newline was among them.</summary>
    public bool SkipSpace()
    {
        var newline = false;
        while (!AtEnd)
        {
            if (AtComment)
            {
                var end = _text.IndexOf('\n', Position);
                Position = end < 0 ? _text.Length : end;
            }
            else if (IsWhitespace(Current))
            {
                newline |= Current == '\n';
                Position++;
            }
            else
            {
                break;
            }
        }

        return newline;
    }

    /// <summary>Reads a quoted or triple-quoted string.</summary>
    public string ReadQuoted()
    {
        var from = Position;
        if (TrySkip("\"\"\"")) return ReadMultiline(from);
        Position++;
        var text = new StringBuilder();
        while (true)
        {
            if (AtEnd) throw new ConfigException(OriginAt(from), "this string has no closing quote");
            var c = Current;
            if (c < ' ') throw Fault($"{Name(c)} is not allowed in a quoted string; escape it, or use three quotes for text over lines");
            Position++;
            if (c == '"') break;
            text.Append(c == '\\' ? ReadEscape() : c);
        }

        var value = text.ToString();
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i])) continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                throw new ConfigException(OriginAt(from), "this string holds half of a surrogate pair");
            i++;
        }

        return value;
    }

    /// <summary>Reads the longest unquoted word, which may be empty.</summary>
    public string ReadWord()
    {
        var from = Position;
        while (!AtEnd && !Reserved.Contains(Current) && !IsWhitespace(Current) && !LooksAt("//")) Position++;
        return _text[from..Position];
    }

    /// <summary>The word that <see cref="ReadWord"/> would read.</summary>
    public string PeekWord()
    {
        var from = Position;
        var word = ReadWord();
        Position = from;
        return word;
    }

    /// <summary>Reads the characters a number may have; where they make no number they are text.</summary>
    public string ReadNumberOrText(out bool isNumber)
    {
        var from = Position;
        while (!AtEnd && (char.IsAsciiDigit(Current) || Current is 'e' or 'E' or '+' or '-' or '.')) Position++;
        var text = _text[from..Position];
        isNumber = NumberText.IsNumber(text);
        if (isNumber) return text;
        var plus = text.IndexOf('+');
        if (plus < 0) return text;
        Position = from + plus;
        throw Unexpected("outside quotes");
    }

    /// <summary>Reads a path expression up to where <paramref name="end"/> says; at least one key.</summary>
    public IReadOnlyList<string> ReadPath(PathEnd end)
    {
        var keys = new List<string>();
        var key = new StringBuilder();
        var quoted = false;
        SkipBlanks();
        while (true)
        {
            var blanks = SkipBlanks();
            if (AtEnd || PathEndsHere(end)) break;
            key.Append(blanks);
            if (Current == '"')
            {
                key.Append(ReadQuoted());
                quoted = true;
                continue;
            }

            if (Current == '.')
            {
                EndKey();
                Position++;
                continue;
            }

            var from = Position;
            while (!AtEnd && !EndsPlainKey(end)) Position++;
            if (from == Position) throw Unexpected(end == PathEnd.Key ? "in a key outside quotes" : "in a path outside quotes");
            key.Append(_text, from, Position - from);
        }

        EndKey();
        return keys;

        void EndKey()
        {
            if (key.Length == 0 && !quoted)
                throw keys.Count == 0 && Current != '.'
                    ? Unexpected(Expected(end))
                    : Fault("a path has an empty key here; quote it (\"\") if it is meant");
            keys.Add(key.ToString());
            if (keys.Count > ConfigLimits.Depth) throw Fault($"a path of more than {ConfigLimits.Depth} keys");
            key.Clear();
            quoted = false;
        }
    }

    private static string Expected(PathEnd end) => end == PathEnd.Key ? "where a key is expected" : "where a path is expected";

    // A path that a program asks for is not followed by anything: it needs quotes for dots, quotes and outer blanks only.
    private bool EndsPlainKey(PathEnd end) =>
        Current is '.' or '"' || IsWhitespace(Current) || (end != PathEnd.Text && (Reserved.Contains(Current) || LooksAt("//")));

    private bool PathEndsHere(PathEnd end) => end switch
    {
        PathEnd.Key => Current is '\n' or ':' or '=' or '{' || AtComment || LooksAt("+="),
        PathEnd.Brace => Current == '}',
        _ => false,
    };

    private string ReadMultiline(int from)
    {
        var start = Position;
        var end = _text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0) throw new ConfigException(OriginAt(from), "this string has no closing triple quote");

        // Quotes beyond the last three belong to the string.
        while (end + 3 < _text.Length && _text[end + 3] == '"') end++;
        Position = end + 3;
        return _text[start..end];
    }

    private char ReadEscape()
    {
        if (AtEnd) throw Unexpected("in an escape");
        var c = Current;
        Position++;
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when Position + 4 <= _text.Length
                && ushort.TryParse(_text.AsSpan(Position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                Position += 4;
                return (char)code;
            default:
                Position -= 2;
                throw Fault($"\\{c} is no escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits");
        }
    }

    private static string Name(char c) => c switch
    {
        '\n' => "a newline",
        '\r' => "a carriage return",
        '\t' => "a tab",
        < ' ' => string.Create(CultureInfo.InvariantCulture, $"the control character U+{(int)c:X4}"),
        _ => $"'{c}'",
    };
}
