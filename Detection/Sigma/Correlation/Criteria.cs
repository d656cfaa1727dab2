using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// A correlation's condition. Sums are whole numbers of 2^-32 in 128 bits, so that taking away what was added leaves what was before,
/// whatever the order: sums of floating point numbers drift.
/// </summary>
internal sealed class Criteria
{
    private const double Scale = 4_294_967_296;

    /// <summary>Beyond this a number is as far as one can be; 65,536 of them still fit.</summary>
    private const double Largest = 9.2e18;

    private readonly CorrelationOperator[] _operators;
    private readonly double[] _thresholds;
    private readonly Int128[] _scaled;

    public Criteria(IReadOnlyList<CorrelationCriterion> criteria)
    {
        _operators = [.. criteria.Select(criterion => criterion.Operator)];
        _thresholds = [.. criteria.Select(criterion => criterion.Threshold)];
        _scaled = [.. _thresholds.Select(ToScaled)];
    }

    /// <summary>How many comparisons there are.</summary>
    public int Count => _operators.Length;

    /// <summary>The highest threshold.</summary>
    public double Highest => _thresholds.Max();

    /// <summary>What one comparison compares with.</summary>
    public double Threshold(int index) => _thresholds[index]; // hot

    /// <summary>A number in units of 2^-32.</summary>
    public static Int128 ToScaled(double number) => (Int128)Math.Round(Math.Clamp(number, -Largest, Largest) * Scale); // hot

    /// <summary>A number of such units.</summary>
    public static double FromScaled(Int128 scaled) => (double)scaled / Scale;

    /// <summary>Whether it holds for a sum of numbers, or for its quotient by <paramref name="count"/>.</summary>
    public bool HoldsFor(Int128 sum, long count) // hot
    {
        for (var i = 0; i < _operators.Length; i++)
        {
            if (!Holds(_operators[i], sum.CompareTo(_scaled[i] * count))) return false;
        }

        return true;
    }

    /// <summary>Whether it holds for a count.</summary>
    public bool HoldsFor(long count) // hot
    {
        for (var i = 0; i < _operators.Length; i++)
        {
            if (!Holds(_operators[i], ((double)count).CompareTo(_thresholds[i]))) return false;
        }

        return true;
    }

    /// <summary>
    /// Whether it holds for the value of a rank, from 1, in the order of all values, given for each comparison how many values are below
    /// its threshold and how many are not above it.
    /// </summary>
    public bool HoldsForRank(ReadOnlySpan<int> belowAndUpTo, long rank) // hot
    {
        for (var i = 0; i < _operators.Length; i++)
        {
            var order = belowAndUpTo[2 * i] >= rank ? -1 : belowAndUpTo[2 * i + 1] >= rank ? 0 : 1;
            if (!Holds(_operators[i], order)) return false;
        }

        return true;
    }

    private static bool Holds(CorrelationOperator comparison, int order) => comparison switch // hot
    {
        CorrelationOperator.Lt => order < 0,
        CorrelationOperator.Lte => order <= 0,
        CorrelationOperator.Gt => order > 0,
        CorrelationOperator.Gte => order >= 0,
        CorrelationOperator.Eq => order == 0,
        _ => order != 0,
    };
}
