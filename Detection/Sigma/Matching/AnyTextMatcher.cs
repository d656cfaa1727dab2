namespace Picket.Detection.Sigma.Matching;

/// <summary>The pattern <c>*</c>: every value that has a text, even an empty one.</summary>
internal sealed class AnyTextMatcher : ValueMatcher
{
    public static AnyTextMatcher Instance { get; } = new();

    public override void WriteKey(QuestionKey key) => key.Add('*');

    public override IReadOnlyList<Literal>? Necessary => null;

    public override bool Matches(in MatchValue value) => true; // hot
}
