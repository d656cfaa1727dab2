using System.Text;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// A string value while modifiers are applied to it: literal bytes, wildcards and placeholders in a row. Immutable.
/// Escapes are read once, here: a backslash takes the special meaning from <c>*</c>, <c>?</c> and <c>\</c>, before anything
/// else it is plain.
/// </summary>
internal sealed class TextPattern
{
    private readonly List<PatternPart> _parts;

    public TextPattern(IReadOnlyList<PatternPart> parts) => _parts = Merge(parts);

    public IReadOnlyList<PatternPart> Parts => _parts;

    public bool HasWildcard
    {
        get
        {
            foreach (var part in _parts)
            {
                if (part.Kind != PatternPartKind.Literal) return true;
            }

            return false;
        }
    }

    public static TextPattern Parse(string text)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && text[i + 1] is '*' or '?' or '\\')
            {
                literal.Append(text[++i]);
            }
            else if (c is '*' or '?')
            {
                Flush(parts, literal);
                parts.Add(c == '*' ? PatternPart.AnyRun : PatternPart.AnyChar);
            }
            else
            {
                literal.Append(c);
            }
        }

        Flush(parts, literal);
        return new TextPattern(parts);
    }

    public static TextPattern Plain(string text) => new([PatternPart.Of(text)]);

    public static TextPattern Plain(byte[] bytes) => new([new PatternPart(PatternPartKind.Literal, bytes)]);

    public TextPattern WithRunAtStart() => new([PatternPart.AnyRun, .. _parts]);

    public TextPattern WithRunAtEnd() => new([.. _parts, PatternPart.AnyRun]);

    /// <summary>The bytes of a pattern without wildcards.</summary>
    public byte[] Bytes() => _parts.Count == 0 ? [] : _parts[0].Bytes;

    public ValueMatcher ToMatcher(bool cased)
    {
        if (_parts.Count == 0) return new LiteralMatcher([], true, true, cased);
        var starts = _parts[0].Kind == PatternPartKind.AnyRun;
        var ends = _parts[^1].Kind == PatternPartKind.AnyRun;
        if (_parts.Count == 1 && starts) return AnyTextMatcher.Instance;
        var middle = starts ? _parts[1] : _parts[0];
        var inner = _parts.Count - (starts ? 1 : 0) - (ends ? 1 : 0);
        if (inner == 1 && middle.Kind == PatternPartKind.Literal) return new LiteralMatcher(middle.Bytes, !starts, !ends, cased);
        return new GlobMatcher(Pieces(cased), cased);
    }

    private GlobPiece[] Pieces(bool cased)
    {
        var pieces = new List<GlobPiece>();
        var parts = new List<byte[]>();
        byte[] literal = [];
        foreach (var part in _parts)
        {
            switch (part.Kind)
            {
                case PatternPartKind.Literal:
                    literal = cased ? part.Bytes : CaseFold.Fold(part.Bytes);
                    break;

                case PatternPartKind.AnyChar:
                    parts.Add(literal);
                    literal = [];
                    break;

                default:
                    parts.Add(literal);
                    literal = [];
                    pieces.Add(new GlobPiece([.. parts]));
                    parts.Clear();
                    break;
            }
        }

        parts.Add(literal);
        pieces.Add(new GlobPiece([.. parts]));
        return [.. pieces];
    }

    private static void Flush(List<PatternPart> parts, StringBuilder literal)
    {
        if (literal.Length > 0) parts.Add(PatternPart.Of(literal.ToString()));
        literal.Clear();
    }

    /// <summary>Neighbouring literals become one, as do neighbouring runs; empty literals go.</summary>
    private static List<PatternPart> Merge(IReadOnlyList<PatternPart> parts)
    {
        var merged = new List<PatternPart>(parts.Count);
        foreach (var part in parts)
        {
            if (part.Kind == PatternPartKind.Literal && part.Bytes.Length == 0) continue;
            if (merged.Count > 0 && merged[^1].Kind == part.Kind && part.Kind != PatternPartKind.AnyChar)
            {
                if (part.Kind == PatternPartKind.Literal) merged[^1] = part with { Bytes = [.. merged[^1].Bytes, .. part.Bytes] };
            }
            else
            {
                merged.Add(part);
            }
        }

        return merged;
    }
}
