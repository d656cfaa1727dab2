using Picket.Node.Demo;

namespace Picket.Bench.Storm;

/// <summary>Tails an alert file and notes, for each alert of the storm, how long after the kernel's stamp it was readable.</summary>
internal sealed class LatencyReader(string file) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly AlertTail _tail = new(file);
    private readonly List<double> _milliseconds = [];

    /// <summary>Alerts of the storm so far.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Forgets what came so far.</summary>
    public void Forget() => _milliseconds.Clear();

    /// <summary>The latency that a share of the alerts stayed under.</summary>
    public double Percentile(double share)
    {
        if (_milliseconds.Count == 0) return double.NaN;
        _milliseconds.Sort();
        return _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(share * _milliseconds.Count))];
    }

    /// <summary>Reads until <paramref name="task"/> has ended.</summary>
    public async Task UntilAsync(Task task, TimeSpan limit)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!task.IsCompleted)
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit) throw new TimeoutException($"the storm took longer than {limit}");
            Take();
            await poll.WaitForNextTickAsync();
        }

        await task;
    }

    /// <summary>Reads until nothing came for a second.</summary>
    public async Task UntilQuietAsync()
    {
        var last = TimeProvider.System.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (TimeProvider.System.GetElapsedTime(last) < Quiet)
        {
            if (Take() > 0) last = TimeProvider.System.GetTimestamp();
            await poll.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tail.Dispose();

    private int Take()
    {
        var taken = 0;
        foreach (var alert in _tail.Read())
        {
            if (!alert.TryGetProperty("process", out var process) || process.GetProperty("name").GetString() != "nc") continue;
            var stamp = alert.GetProperty("@timestamp").GetDateTimeOffset();
            _milliseconds.Add((TimeProvider.System.GetUtcNow() - stamp).TotalMilliseconds);
            taken++;
        }

        return taken;
    }
}
