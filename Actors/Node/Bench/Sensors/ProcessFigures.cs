using System.Globalization;

namespace Picket.Node.Bench.Sensors;

/// <summary>What processes cost, read from outside.</summary>
internal static class ProcessFigures
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Less than this in a look is at rest: a node that has just started still compiles a little.</summary>
    private const double RestSeconds = 0.002;

    /// <summary>
    /// CPU seconds of all threads, those that have ended included, by the clocks that the scheduler keeps for processes
    /// (clock_getcpuclockid(3)); of a process that has ended, none.
    /// </summary>
    public static double Cpu(params IEnumerable<int> pids) => pids.Sum(ProcessClock.Seconds);

    /// <summary>Resident bytes, without what is mapped of the kernel's ring.</summary>
    public static long Resident(int pid)
    {
        var (sum, map, isMap) = (0L, 0L, false);
        foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps")))
        {
            if (line.Length > 0 && (char.IsAsciiDigit(line[0]) || line[0] is >= 'a' and <= 'f'))
                isMap = line.EndsWith("bpf-map", StringComparison.Ordinal);
            if (!line.StartsWith("Rss:", StringComparison.Ordinal)) continue;
            var bytes = 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            sum += bytes;
            if (isMap) map += bytes;
        }

        return sum - map;
    }

    /// <summary>
    /// Waits until the processes are done with what they were given, two looks in a row cost nothing; or until the limit, for on a
    /// busy machine there is always a little to do.
    /// </summary>
    public static async Task UntilQuietAsync(IReadOnlyList<int> pids, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(Look);
        var started = TimeProvider.System.GetTimestamp();
        for (var (quiet, last) = (0, Cpu(pids)); quiet < 2;)
        {
            if (pids.Count == 0 || TimeProvider.System.GetElapsedTime(started) > limit) return;
            await timer.WaitForNextTickAsync();
            var now = Cpu(pids);
            quiet = now - last < RestSeconds ? quiet + 1 : 0;
            last = now;
        }
    }
}
