namespace Picket.Detection.Sigma.Matching;

/// <summary>A literal: anywhere, at the start, at the end, or the whole value.</summary>
internal sealed class LiteralMatcher : ValueMatcher
{
    private readonly byte[] _bytes;
    private readonly bool _atStart;
    private readonly bool _atEnd;
    private readonly bool _cased;
    private readonly Literal _literal;

    public LiteralMatcher(byte[] bytes, bool atStart, bool atEnd, bool cased)
    {
        var folded = CaseFold.Fold(bytes);
        _bytes = cased ? bytes : folded;
        _atStart = atStart;
        _atEnd = atEnd;
        _cased = cased;
        _literal = new Literal(folded, atStart, atEnd);
    }

    public override string Key => $"l{(_atStart ? '^' : '*')}{(_atEnd ? '$' : '*')}{(_cased ? 'c' : 'f')}:{Convert.ToHexString(_bytes)}";

    public override IReadOnlyList<Literal>? Necessary => _literal.Bytes.Length > 0 || (_atStart && _atEnd) ? [_literal] : null;

    public override bool IsItsLiteral => !_cased;

    public override bool Matches(in MatchValue value) // hot
    {
        var text = _cased ? value.Raw : value.Folded;
        if (_atStart) return _atEnd ? text.SequenceEqual(_bytes) : text.StartsWith(_bytes);
        return _atEnd ? text.EndsWith(_bytes) : text.IndexOf(_bytes) >= 0;
    }
}
