using Picket.Detection.Events;

namespace Picket.Node.Self;

/// <summary>
/// The loss ledger's book: which lines reported which barrier, and which do not balance. It outlives the actor that feeds
/// it. A line that is out by the same number as before is not told again.
/// </summary>
internal sealed class Ledger
{
    private readonly string[] _lines;
    private readonly Dictionary<long, HashSet<string>> _open = [];
    private readonly Dictionary<string, long> _unhandled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerReport> _last = new(StringComparer.Ordinal);

    /// <summary>Makes the book of the lines that every barrier must pass.</summary>
    public Ledger(IEnumerable<string> lines) => _lines = [.. lines];

    /// <summary>The highest barrier that has passed every line.</summary>
    public long Passed { get; private set; }

    /// <summary>The last report of each line, by name.</summary>
    public IReadOnlyDictionary<string, LedgerReport> Last => _last;

    /// <summary>Whether every line balanced when it last reported.</summary>
    public bool IsBalanced => !Unbalanced.Any();

    /// <summary>The last reports of those that did not.</summary>
    public IEnumerable<LedgerReport> Unbalanced => _last.Values.Where(report => report.In != report.Out);

    /// <summary>Enters a report.</summary>
    /// <returns>How far the line is out now, when that is news; else 0.</returns>
    public long Enter(LedgerReport report)
    {
        var before = _last.TryGetValue(report.Line, out var last) ? last.In - last.Out : 0;
        _last[report.Line] = report;
        if (report.Barrier > 0) Close(report);
        var difference = report.In - report.Out;
        return difference == before ? 0 : difference;
    }

    /// <summary>How much more of a line's items went unhandled than when this was last asked.</summary>
    public long TakeUnhandled(LedgerReport report)
    {
        var more = report.Unhandled - _unhandled.GetValueOrDefault(report.Line);
        _unhandled[report.Line] = report.Unhandled;
        return more;
    }

    /// <summary>Lines that the oldest barrier under way has not passed; for people who wait.</summary>
    public IEnumerable<string> Missing => _open.Count == 0 ? [] : _lines.Except(_open[_open.Keys.Min()]);

    private void Close(LedgerReport report)
    {
        if (report.Barrier <= Passed) return;
        if (!_open.TryGetValue(report.Barrier, out var seen)) _open[report.Barrier] = seen = new HashSet<string>(StringComparer.Ordinal);
        seen.Add(report.Line);
        if (!_lines.All(seen.Contains)) return;

        // Barriers keep their order on every line, so that what is older has passed or was dropped with a stopped actor.
        Passed = report.Barrier;
        foreach (var number in _open.Keys.Where(number => number <= Passed).ToList()) _open.Remove(number);
    }
}
