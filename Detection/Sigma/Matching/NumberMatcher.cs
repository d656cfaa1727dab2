using System.Globalization;

namespace Picket.Detection.Sigma.Matching;

/// <summary>Compares a value that is written as a decimal number; any other value does not match.</summary>
internal sealed class NumberMatcher(Comparison comparison, decimal number) : ValueMatcher
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('n');
        key.Add((int)comparison);
        key.Add(number);
    }

    public override IReadOnlyList<Literal>? Necessary => null;

    public override bool Matches(in MatchValue value) => // hot
        decimal.TryParse(value.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var found) && Holds(comparison, found, number);

    public static bool Holds(Comparison comparison, decimal left, decimal right) => comparison switch // hot
    {
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        Comparison.GreaterOrEqual => left >= right,
        _ => left == right,
    };
}
