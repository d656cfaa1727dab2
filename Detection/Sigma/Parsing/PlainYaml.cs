using System.Buffers;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Reads YAML as rules are written: mappings and lists in lines, texts plain, quoted or as blocks. What it reads is what
/// <see cref="YamlTree"/> reads, several times faster and without garbage. At anything else (an anchor, a tag, a flow, a mistake) it
/// gives up, and the other one says what it is.
/// </summary>
internal ref struct PlainYaml
{
    private const int MaxDepth = 24;
    private const int MaxPairs = 64;
    private const int MaxKey = 512;

    /// <summary>So few characters are fewer values than a document may have.</summary>
    private const int MaxLength = 100_000;

    /// <summary>Breaks of lines that only YAML knows, its end of a text, and the mark of byte order.</summary>
    private static readonly SearchValues<char> Odd = SearchValues.Create("\0\r\u0085\u2028\u2029\uFEFF");

    /// <summary>What ends a plain text, or is not understood in it.</summary>
    private static readonly SearchValues<char> Stops = SearchValues.Create(":#\t");

    private readonly string _text;
    private int _line;
    private int _lineStart;

    /// <summary>The first character of the current line that is no space.</summary>
    private int _content;

    /// <summary>What was skipped before the current line.</summary>
    private int _blanks;
    private bool _comments;
    private bool _ended;

    private PlainYaml(string text, int firstLine)
    {
        _text = text;
        _line = firstLine;
    }

    private readonly int Indent => _content - _lineStart;

    /// <summary>The document's root; null when it is not plain.</summary>
    public static YamlNode.Mapping? Read(RuleDocument document)
    {
        if (document.Text.Length > MaxLength || document.Text.AsSpan().ContainsAny(Odd)) return null;
        var reader = new PlainYaml(document.Text, document.FirstLine);
        reader.GoToLine(0);
        if (reader._ended) return null;
        var root = reader.ReadMapping(reader._content, 0);
        return reader._ended ? root : null;
    }

    /// <summary>Goes to the first line from <paramref name="start"/> on that has content, be it a tab, which begins nothing.</summary>
    private void GoToLine(int start)
    {
        (_blanks, _comments) = (0, false);
        while (start < _text.Length)
        {
            var rest = _text.AsSpan(start);
            var spaces = rest.IndexOfAnyExcept(' ');
            if (spaces < 0) break;
            if (rest[spaces] is not ('\n' or '#'))
            {
                (_lineStart, _content) = (start, start + spaces);
                return;
            }

            if (rest[spaces] == '#') _comments = true;
            else _blanks++;
            var end = rest.IndexOf('\n');
            if (end < 0) break;
            start += end + 1;
            _line++;
        }

        _ended = true;
        (_lineStart, _content) = (_text.Length, _text.Length - 1);
    }

    /// <summary>Goes to the line behind the current one.</summary>
    private void GoOn()
    {
        var end = EndOfLine(_content);
        if (end < _text.Length)
        {
            _line++;
            end++;
        }

        GoToLine(end);
    }

    private readonly int EndOfLine(int at)
    {
        var end = _text.AsSpan(at).IndexOf('\n');
        return end < 0 ? _text.Length : at + end;
    }

    private readonly Place PlaceOf(int at) => new(_line, at - _lineStart + 1);

    private readonly char Char(int at) => at < _text.Length ? _text[at] : '\n';

    private readonly bool IsBreak(int at) => Char(at) is ' ' or '\n';

    private readonly bool IsEntry(int at) => Char(at) == '-' && IsBreak(at + 1);

    private readonly int SkipSpaces(int at)
    {
        while (at < _text.Length && _text[at] == ' ') at++;
        return at;
    }

    /// <summary>Whether nothing but a comment is left of the line.</summary>
    private readonly bool IsLineDone(int at)
    {
        var next = SkipSpaces(at);
        return Char(next) == '\n' || (Char(next) == '#' && next > at);
    }

    private YamlNode.Mapping? ReadMapping(int at, int depth)
    {
        if (depth > MaxDepth) return null;
        var column = at - _lineStart;
        var place = PlaceOf(at);
        var pairs = new List<(YamlNode.Scalar Key, YamlNode Value)>();
        while (true)
        {
            if (ReadKey(ref at) is not { } key || pairs.Count == MaxPairs) return null;
            foreach (var (known, _) in pairs)
            {
                if (known.Text == key.Text) return null;
            }

            if (ReadValue(at, column, depth + 1, isOfMapping: true) is not { } value) return null;
            pairs.Add((key, value));
            if (_ended || Indent < column) return new YamlNode.Mapping(place, pairs);
            if (Indent > column) return null;
            at = _content;
        }
    }

    private YamlNode.Listing? ReadListing(int depth)
    {
        if (depth > MaxDepth) return null;
        var column = Indent;
        var place = PlaceOf(_content);
        var items = new List<YamlNode>();
        while (true)
        {
            if (ReadValue(_content + 1, column, depth + 1, isOfMapping: false) is not { } item) return null;
            items.Add(item);
            if (_ended || Indent < column || (Indent == column && !IsEntry(_content))) return new YamlNode.Listing(place, items);
            if (Indent > column) return null;
        }
    }

    /// <summary>A key and its colon, on which <paramref name="at"/> is then behind.</summary>
    private readonly YamlNode.Scalar? ReadKey(ref int at)
    {
        if (!TryFlat(at, out var text, out var end, out var isPlain)) return null;
        var colon = SkipSpaces(end);
        if (Char(colon) != ':' || !IsBreak(colon + 1) || end - at > MaxKey) return null;
        if (isPlain && char.IsWhiteSpace(text[0])) return null;
        var key = new YamlNode.Scalar(PlaceOf(at), text, isPlain);
        at = colon + 1;
        return key;
    }

    /// <summary>A value, and all lines of it; the current line is then the next one.</summary>
    /// <param name="at">Behind the colon of its key, or the dash of its entry.</param>
    /// <param name="column">Where the mapping or list starts that it is of.</param>
    /// <param name="depth">Its depth.</param>
    /// <param name="isOfMapping">Whether that is a mapping.</param>
    private YamlNode? ReadValue(int at, int column, int depth, bool isOfMapping)
    {
        if (IsLineDone(at)) return ReadBelow(column, depth, isOfMapping);
        at = SkipSpaces(at);
        if (Char(at) is '|' or '>') return ReadBlock(at, column);
        if (!TryFlat(at, out var text, out var end, out var isPlain)) return null;
        if (Char(SkipSpaces(end)) == ':') return isOfMapping ? null : ReadMapping(at, depth);
        if (!IsLineDone(end)) return null;
        var place = PlaceOf(at);
        var isWhole = Char(SkipSpaces(end)) == '\n';
        GoOn();
        if (_ended || Indent <= column) return new YamlNode.Scalar(place, text, isPlain);
        return isPlain && isWhole ? ReadFolded(place, text, column) : null;
    }

    /// <summary>What stands in the lines below its key or dash.</summary>
    private YamlNode? ReadBelow(int column, int depth, bool isOfMapping)
    {
        GoOn();
        if (_ended) return null;
        var isEntry = IsEntry(_content);
        if (Indent <= column && !(isOfMapping && isEntry && Indent == column)) return null;
        if (isEntry) return ReadListing(depth);
        if (!TryFlat(_content, out _, out var end, out _) || Char(SkipSpaces(end)) != ':') return null;
        return ReadMapping(_content, depth);
    }

    /// <summary>A plain text that goes on in lines below.</summary>
    private YamlNode.Scalar? ReadFolded(Place place, string first, int column)
    {
        var text = new System.Text.StringBuilder(first);
        while (!_ended && Indent > column)
        {
            // A text begins as it likes here, but whoever reads it might doubt: what could be something else is left to the other.
            if (_comments || !TryFlat(_content, out var more, out var end, out var isPlain) || !isPlain || Char(end) != '\n') return null;
            if (_blanks == 0) text.Append(' ');
            else text.Append('\n', _blanks);
            text.Append(more);
            GoOn();
        }

        return new YamlNode.Scalar(place, text.ToString(), Plain: true, Spans: true);
    }

    /// <summary>A text on one line: what it says and where it ends, which for a plain one is behind the spaces that follow it.</summary>
    private readonly bool TryFlat(int at, out string text, out int end, out bool isPlain)
    {
        (text, end, isPlain) = ("", at, false);
        switch (Char(at))
        {
            case '\'':
                return TrySingle(at + 1, out text, out end);

            case '"':
                return TryDouble(at + 1, out text, out end);

            case '-':
                if (IsBreak(at + 1)) return false;
                break;

            case '?' or ':' or ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '%' or '@' or '`':
            case '\n' or '\t':
                return false;
        }

        isPlain = true;
        var last = EndOfLine(at);
        for (end = at; ; end++)
        {
            var next = _text.AsSpan(end, last - end).IndexOfAny(Stops);
            end = next < 0 ? last : end + next;
            if (next < 0 || (_text[end] == ':' && IsBreak(end + 1)) || (_text[end] == '#' && _text[end - 1] == ' ')) break;
            if (_text[end] == '\t') return false;
        }

        text = _text.AsSpan(at, end - at).TrimEnd(' ').ToString();
        if (Char(end) == '#') end--;
        return true;
    }

    private readonly bool TrySingle(int at, out string text, out int end)
    {
        text = "";
        var doubled = false;
        for (end = at; ; end++)
        {
            var next = _text.AsSpan(end).IndexOfAny('\'', '\n');
            if (next < 0 || _text[end + next] == '\n') return false;
            end += next;
            if (Char(end + 1) != '\'') break;
            doubled = true;
            end++;
        }

        text = _text[at..end];
        if (doubled) text = text.Replace("''", "'", StringComparison.Ordinal);
        end++;
        return true;
    }

    private readonly bool TryDouble(int at, out string text, out int end)
    {
        text = "";
        System.Text.StringBuilder? plain = null;
        for (end = at; ; end += 2)
        {
            var next = _text.AsSpan(end).IndexOfAny('"', '\\', '\n');
            if (next < 0 || _text[end + next] == '\n') return false;
            plain?.Append(_text, end, next);
            end += next;
            if (_text[end] == '"') break;
            plain ??= new System.Text.StringBuilder(_text, at, end - at, 2 * (end - at + 16));
            switch (Char(end + 1))
            {
                case '\\' or '"':
                    plain.Append(_text[end + 1]);
                    break;

                case 'n':
                    plain.Append('\n');
                    break;

                case 't':
                    plain.Append('\t');
                    break;

                default:
                    return false;
            }
        }

        text = plain?.ToString() ?? _text[at..end];
        end++;
        return true;
    }

    /// <summary>A text in lines of their own, <c>|</c> or <c>&gt;</c>, with or without the break at its end.</summary>
    private YamlNode.Scalar? ReadBlock(int at, int column)
    {
        var place = PlaceOf(at);
        var folds = _text[at] == '>';
        var strips = Char(at + 1) == '-';
        var head = SkipSpaces(at + (strips ? 2 : 1));
        if (Char(head) != '\n' || head >= _text.Length) return null;
        var text = new System.Text.StringBuilder();
        int start = head + 1, indent = -1, blanks = 0;
        _line++;
        while (start < _text.Length)
        {
            var content = SkipSpaces(start);
            var end = EndOfLine(content);
            if (content == end)
            {
                // Spaces beyond the indentation are text, and before the first line nobody knows how far it goes.
                if (indent < 0 || content - start > indent) return null;
                blanks++;
            }
            else
            {
                if (indent < 0) indent = content - start;
                if (indent <= column) return null;
                if (content - start < indent) break;
                if (text.Length > 0) AppendBreaks(text, blanks, folds);
                var isMore = content - start > indent || _text[content] == '\t';
                if (end == _text.Length || (folds && isMore)) return null;
                text.Append(_text, start + indent, end - start - indent);
                blanks = 0;
            }

            start = Math.Min(end + 1, _text.Length);
            _line++;
        }

        if (indent < 0) return null;
        GoToLine(start);
        if (!strips) text.Append('\n');
        return new YamlNode.Scalar(place, text.ToString(), Plain: false, Spans: true);
    }

    private static void AppendBreaks(System.Text.StringBuilder text, int blanks, bool folds)
    {
        if (folds && blanks == 0) text.Append(' ');
        else text.Append('\n', folds ? blanks : blanks + 1);
    }
}
