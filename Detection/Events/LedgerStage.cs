using System.Globalization;
using System.Text;

namespace Picket.Detection.Events;

/// <summary>
/// A line of the loss ledger inside one stage: everything that came in leaves by a named way. As with
/// <see cref="LedgerEdge"/>, each number is counted where it happens and none is derived from another.
/// </summary>
public sealed class LedgerStage
{
    private readonly string[] _ways;
    private readonly long[] _left;
    private long _entered;

    /// <summary>Makes a stage with its ways out, such as <c>forwarded</c>, <c>context-only</c>, <c>failed</c>.</summary>
    public LedgerStage(string name, params string[] ways)
    {
        Name = name;
        _ways = [.. ways];
        _left = new long[ways.Length];
    }

    /// <summary>The stage's name, as alerts print it.</summary>
    public string Name { get; }

    /// <summary>Items that came in.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    /// <summary>Items that left, by all ways together.</summary>
    public long Left
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _left.Length; i++) sum += Interlocked.Read(ref _left[i]);
            return sum;
        }
    }

    /// <summary>Items that left by way <paramref name="way"/>, an index into the constructor's list.</summary>
    public long LeftBy(int way) => Interlocked.Read(ref _left[way]);

    /// <summary>Counts what came in.</summary>
    public void Enter(long items) => Interlocked.Add(ref _entered, items);

    /// <summary>Counts what left by way <paramref name="way"/>.</summary>
    public void Leave(int way, long items) => Interlocked.Add(ref _left[way], items);

    /// <summary>The ways with their counts, for people: <c>forwarded 10, failed 0</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _ways.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}{_ways[i]} {LeftBy(i)}");
        }

        return text.ToString();
    }
}
