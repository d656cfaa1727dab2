using System.Diagnostics;
using System.Globalization;

namespace Picket.Node.Replaying;

/// <summary>
/// Shows how far a run is, in one line that is written over and over, on a terminal and nowhere else; and says problems without tearing it.
/// </summary>
internal sealed class ReplayProgress : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TextWriter _terminal;
    private readonly ReplayRun _run;
    private readonly long _total;
    private readonly Timer? _timer;
    private bool _shown;
    private bool _over;

    /// <summary>Begins to show.</summary>
    /// <param name="run">The run.</param>
    /// <param name="total">Bytes of all inputs; 0 when they are not known.</param>
    /// <param name="terminal">Where problems are said, and the line is shown.</param>
    /// <param name="isTerminal">Whether it can be written over.</param>
    public ReplayProgress(ReplayRun run, long total, TextWriter terminal, bool isTerminal)
    {
        (_run, _total, _terminal) = (run, total, terminal);
        if (isTerminal) _timer = new Timer(_ => Show(), null, Interval, Interval);
    }

    /// <summary>Says a problem on a line of its own.</summary>
    public void Say(string line)
    {
        lock (_gate)
        {
            Clear();
            _terminal.WriteLine(line);
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            Clear();
            _over = true;
        }
    }

    /// <summary>The line: how much of the inputs, records, their rate, alerts, and how long it takes yet.</summary>
    /// <param name="run">Bytes, records and alerts so far.</param>
    /// <param name="total">Bytes of all inputs; 0 when they are not known.</param>
    /// <param name="elapsed">How long it took so far.</param>
    internal static string Line((long Bytes, long Events, long Alerts) run, long total, TimeSpan elapsed)
    {
        var rate = run.Events / Math.Max(elapsed.TotalSeconds, 0.001);
        var counts = string.Create(CultureInfo.InvariantCulture, $"{run.Events:N0} records, {rate:N0} a second, {run.Alerts:N0} alerts");
        if (total <= 0) return counts;
        var share = Math.Clamp(run.Bytes / (double)total, 0, 1);
        var done = (int)(share * BarWidth);
        var left = share < 0.001 ? "" : $", {Clock(elapsed * ((1 - share) / share))} left";
        return string.Create(CultureInfo.InvariantCulture,
            $"[{new string('#', done)}{new string('.', BarWidth - done)}] {share * 100,3:0} %, {counts}{left}");
    }

    private static string Clock(TimeSpan time) => time.TotalHours < 1
        ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");

    private void Show()
    {
        lock (_gate)
        {
            // A last tick may come behind the end.
            if (_over) return;
            _terminal.Write($"\r{Line((_run.Bytes, _run.Events, _run.Alerts), _total, _clock.Elapsed)}\e[K");
            _shown = true;
        }
    }

    private void Clear()
    {
        if (!_shown) return;
        _terminal.Write("\r\e[K");
        _shown = false;
    }
}
