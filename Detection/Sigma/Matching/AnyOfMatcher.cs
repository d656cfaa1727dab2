namespace Picket.Detection.Sigma.Matching;

/// <summary>One of several.</summary>
internal sealed class AnyOfMatcher : ValueMatcher
{
    private readonly ValueMatcher[] _matchers;

    public AnyOfMatcher(IReadOnlyList<ValueMatcher> matchers)
    {
        _matchers = [.. matchers];
        Necessary = Union();
    }

    public override void WriteKey(QuestionKey key)
    {
        key.Add('o');
        key.Add(_matchers.Length);
        foreach (var matcher in _matchers) matcher.WriteKey(key);
    }

    public override IReadOnlyList<Literal>? Necessary { get; }

    public override bool IsPlain => Array.TrueForAll(_matchers, static matcher => matcher.IsPlain);

    /// <summary>The alternatives.</summary>
    public IReadOnlyList<ValueMatcher> Parts => _matchers;

    public override bool Matches(in MatchValue value) // hot
    {
        foreach (var matcher in _matchers)
        {
            if (matcher.Matches(value)) return true;
        }

        return false;
    }

    private List<Literal>? Union()
    {
        var union = new List<Literal>();
        foreach (var matcher in _matchers)
        {
            if (matcher.Necessary is not { } literals) return null;
            union.AddRange(literals);
        }

        return union;
    }
}
