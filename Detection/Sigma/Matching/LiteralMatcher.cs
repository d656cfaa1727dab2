namespace Picket.Detection.Sigma.Matching;

/// <summary>A literal: anywhere, at the start, at the end, or the whole value.</summary>
internal sealed class LiteralMatcher : ValueMatcher
{
    private readonly byte[] _bytes;
    private readonly bool _atStart;
    private readonly bool _atEnd;
    private readonly bool _cased;

    public LiteralMatcher(byte[] bytes, bool atStart, bool atEnd, bool cased)
    {
        var folded = CaseFold.Fold(bytes);
        _bytes = cased ? bytes : folded;
        _atStart = atStart;
        _atEnd = atEnd;
        _cased = cased;
        Necessary = folded.Length > 0 || (atStart && atEnd) ? [new Literal(folded, atStart, atEnd)] : null;
    }

    public override void WriteKey(QuestionKey key)
    {
        key.Add('l');
        key.Add(_atStart);
        key.Add(_atEnd);
        key.Add(_cased);
        key.Add(_bytes);
    }

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool IsItsLiteral => !_cased;

    public override bool Matches(in MatchValue value) // hot
    {
        var text = _cased ? value.Raw : value.Folded;
        if (_atStart) return _atEnd ? text.SequenceEqual(_bytes) : text.StartsWith(_bytes);
        return _atEnd ? text.EndsWith(_bytes) : text.IndexOf(_bytes) >= 0;
    }
}
