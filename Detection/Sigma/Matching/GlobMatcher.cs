namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// A pattern with wildcards: pieces between runs of any bytes, where a question mark in a piece stands for one whole
/// character. Pieces are found leftmost first; since a piece that starts later never ends earlier, that finds a match if
/// there is one.
/// </summary>
internal sealed class GlobMatcher : ValueMatcher
{
    private readonly GlobPiece[] _pieces;
    private readonly bool _cased;

    /// <param name="pieces">The pieces; the first is anchored at the start, the last at the end (either may be empty).</param>
    /// <param name="cased">Whether the value is compared as it is.</param>
    public GlobMatcher(GlobPiece[] pieces, bool cased)
    {
        _pieces = pieces;
        _cased = cased;
        Necessary = Longest() is { } literal ? [literal] : null;
    }

    public override void WriteKey(QuestionKey key)
    {
        key.Add('g');
        key.Add(_cased);
        key.Add(_pieces.Length);
        foreach (var piece in _pieces) piece.WriteKey(key);
    }

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool Matches(in MatchValue value) // hot
    {
        var text = _cased ? value.Raw : value.Folded;
        var at = _pieces[0].MatchAt(text, 0);
        if (at < 0) return false;
        if (_pieces.Length == 1) return at == text.Length;
        for (var i = 1; i < _pieces.Length - 1; i++)
        {
            at = _pieces[i].Search(text, at);
            if (at < 0) return false;
        }

        return _pieces[^1].MatchEnd(text, at);
    }

    private Literal? Longest()
    {
        Literal? best = null;
        for (var i = 0; i < _pieces.Length; i++)
        {
            var parts = _pieces[i].Parts;
            for (var j = 0; j < parts.Length; j++)
            {
                var folded = CaseFold.Fold(parts[j]);
                if (folded.Length == 0 || folded.Length <= best?.Bytes.Length) continue;
                var first = i == 0 && j == 0;
                var last = i == _pieces.Length - 1 && j == parts.Length - 1;
                best = new Literal(folded, first, last);
            }
        }

        return best;
    }
}
