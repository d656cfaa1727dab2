namespace Picket.Hocon;

/// <summary>Reads one text into a tree in which substitutions still wait. Errors carry the place.</summary>
internal sealed class HoconParser
{
    private readonly HoconScanner _scan;
    private readonly IncludeContext _context;
    private readonly IncludeLoader _includes;

    // The keys from the root of the whole configuration to the object that is being read.
    private readonly List<string> _path;
    private int _depth;
    private int _lists;

    public HoconParser(string text, string? source, IncludeLoader includes, IncludeContext context)
    {
        _scan = new HoconScanner(text, source);
        _includes = includes;
        _context = context;
        _path = [.. context.Prefix];
        _depth = context.Depth;
        _lists = context.IsInsideList ? 1 : 0;
    }

    /// <summary>Reads the whole text: an array, an object, or fields without braces around them.</summary>
    public ConfigValue ReadDocument()
    {
        _scan.SkipSpace();
        ConfigValue root;
        if (_scan.Current == '[')
        {
            root = ReadArray();
        }
        else if (_scan.Current == '{')
        {
            root = ReadObject();
        }
        else
        {
            var fields = new ConfigObject(_scan.Here);
            ReadFields(fields, closed: false);
            root = fields;
        }

        _scan.SkipSpace();
        return _scan.AtEnd ? root : throw _scan.Unexpected("after the end of the root value");
    }

    /// <summary>Reads the whole text as one value, as it may stand behind a key.</summary>
    public ConfigValue ReadSingleValue()
    {
        _scan.SkipSpace();
        var value = ReadValue();
        _scan.SkipSpace();
        return _scan.AtEnd ? value : throw _scan.Unexpected("after the value");
    }

    private ConfigObject ReadObject()
    {
        var into = new ConfigObject(_scan.Here);
        Descend();
        _scan.Skip();
        ReadFields(into, closed: true);
        _depth--;
        return into;
    }

    private void ReadFields(ConfigObject into, bool closed)
    {
        _scan.SkipSpace();
        while (true)
        {
            if (_scan.AtEnd)
            {
                if (closed) throw new ConfigException(into.Origin, "this '{' is never closed");
                return;
            }

            if (_scan.Current == '}' && closed)
            {
                _scan.Skip();
                return;
            }

            if (_scan.Current is '}' or ']' or ',') throw _scan.Unexpected("where a key is expected");
            if (_scan.Current != '"' && _scan.PeekWord() == "include") ReadInclude(into);
            else ReadField(into);
            EndItem(closed ? '}' : '\0', "a field");
        }
    }

    private void ReadField(ConfigObject into)
    {
        var origin = _scan.Here;
        var keys = _scan.ReadPath(PathEnd.Key);
        _scan.SkipSpace();
        var append = _scan.TrySkip("+=");
        if (!append && _scan.Current is ':' or '=') _scan.Skip();
        else if (!append && _scan.Current != '{')
            throw _scan.Unexpected($"after the key '{ConfigPath.Format(keys)}', where ':', '=', '+=' or '{{' is expected");

        Descend(keys.Count - 1);
        _path.AddRange(keys);
        _scan.SkipSpace();
        var value = append ? ReadAppended(origin) : ReadValue();
        _path.RemoveRange(_path.Count - keys.Count, keys.Count);
        _depth -= keys.Count - 1;

        for (var i = keys.Count - 1; i > 0; i--)
        {
            var parent = new ConfigObject(origin);
            parent.Put(keys[i], new ConfigField(value, origin));
            value = parent;
        }

        into.Put(keys[0], new ConfigField(value, origin));
    }

    private Concatenation ReadAppended(ConfigOrigin origin)
    {
        // Within a list there is no path by which the earlier value could be named.
        if (_lists > 0) throw new ConfigException(origin, "'+=' is not possible inside a list");
        var self = new Substitution(origin, [.. _path], _context.Prefix.Count, optional: true);
        _lists++;
        var element = ReadValue();
        _lists--;
        return Concatenation.Append(self, new ConfigArray(element.Origin, [element]));
    }

    private ConfigArray ReadArray()
    {
        var origin = _scan.Here;
        var items = new List<ConfigValue>();
        Descend();
        _lists++;
        _scan.Skip();
        _scan.SkipSpace();
        while (_scan.Current != ']')
        {
            if (_scan.AtEnd) throw new ConfigException(origin, "this '[' is never closed");
            items.Add(ReadValue());
            EndItem(']', "an element");
        }

        _scan.Skip();
        _lists--;
        _depth--;
        return new ConfigArray(origin, items);
    }

    // One comma, a newline, or the closing character ends an item; a comma may stand before the closing character too.
    private void EndItem(char close, string what)
    {
        var newline = _scan.SkipSpace();
        if (_scan.AtEnd || (close != '\0' && _scan.Current == close)) return;
        if (_scan.Current == ',')
        {
            _scan.Skip();
            _scan.SkipSpace();
            if (_scan.Current == ',') throw _scan.Unexpected("after another comma");
        }
        else if (!newline)
        {
            throw _scan.Unexpected($"after {what}; a comma or a newline is expected");
        }
    }

    // Reads values beside each other up to the end of the line or of the item and joins them.
    private ConfigValue ReadValue()
    {
        var pieces = new List<ConfigValue>();
        while (true)
        {
            var origin = _scan.Here;
            var blanks = _scan.SkipBlanks();
            if (_scan.AtEnd || _scan.Current is '\n' or ',' or '}' or ']' || _scan.AtComment) break;
            if (blanks.Length > 0 && pieces.Count > 0) pieces.Add(new Whitespace(origin, blanks));
            pieces.Add(ReadPiece());
        }

        return pieces.Count > 0 ? Concatenation.Of(pieces) : throw _scan.Unexpected("where a value is expected");
    }

    private ConfigValue ReadPiece()
    {
        var origin = _scan.Here;
        switch (_scan.Current)
        {
            case '{':
                return ReadObject();
            case '[':
                return ReadArray();
            case '"':
                return new ConfigLiteral(origin, ConfigValueKind.String, _scan.ReadQuoted());
            case '$':
                return ReadSubstitution();
            case '-' or (>= '0' and <= '9'):
                var text = _scan.ReadNumberOrText(out var isNumber);
                return new ConfigLiteral(origin, isNumber ? ConfigValueKind.Number : ConfigValueKind.String, text);
        }

        var word = _scan.ReadWord();
        return word switch
        {
            "" => throw _scan.Unexpected("in a value outside quotes"),
            "null" => new ConfigLiteral(origin, ConfigValueKind.Null, word),
            "true" or "false" => new ConfigLiteral(origin, ConfigValueKind.Boolean, word),
            _ => new ConfigLiteral(origin, ConfigValueKind.String, word),
        };
    }

    private Substitution ReadSubstitution()
    {
        var origin = _scan.Here;
        if (!_scan.TrySkip("${")) throw _scan.Fault("'$' is not allowed in a value outside quotes; a substitution is written ${path}");
        if (_context.IsInsideList)
            throw new ConfigException(origin, "a file included inside a list cannot hold substitutions: nothing in a list has a path");
        var optional = _scan.TrySkip("?");
        var path = _scan.ReadPath(PathEnd.Brace);
        if (!_scan.TrySkip("}")) throw new ConfigException(origin, "this substitution is never closed by '}'");
        return new Substitution(origin, [.. _context.Prefix, .. path], _context.Prefix.Count, optional);
    }

    private void ReadInclude(ConfigObject into)
    {
        var origin = _scan.Here;
        _scan.TrySkip("include");
        _scan.SkipSpace();
        var required = _scan.TrySkip("required(");
        if (required) _scan.SkipSpace();
        var kind = IncludeKind.Plain;
        if (_scan.TrySkip("file(")) kind = IncludeKind.File;
        else if (_scan.TrySkip("classpath(")) kind = IncludeKind.Classpath;
        else if (_scan.TrySkip("url(")) kind = IncludeKind.Url;
        _scan.SkipSpace();
        if (_scan.Current != '"')
            throw _scan.Unexpected("after 'include', where a quoted name, file() or required() is expected; quote the word if it is a key");
        var name = _scan.ReadQuoted();
        if (kind != IncludeKind.Plain) CloseParenthesis();
        if (required) CloseParenthesis();

        var context = _context with { Prefix = [.. _path], Depth = _depth, IsInsideList = _lists > 0 };
        var included = _includes.Include(new IncludeRequest(name, kind, required, origin), context);
        foreach (var (key, field) in included.Members) into.Put(key, field);
    }

    private void CloseParenthesis()
    {
        _scan.SkipSpace();
        if (!_scan.TrySkip(")")) throw _scan.Unexpected("in an include, where ')' is expected");
    }

    private void Descend(int levels = 1)
    {
        _depth += levels;
        if (_depth > ConfigLimits.Depth) throw _scan.Fault($"values nest deeper than {ConfigLimits.Depth} levels here");
    }
}
