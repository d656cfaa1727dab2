using System.Globalization;

namespace Picket.Node.Bench.Sigma;

/// <summary>The processor's time that the calling thread has had.</summary>
internal static class ThreadTime
{
    /// <summary>Seconds; on Linux by the scheduler's own count (proc_pid_schedstat(5)), elsewhere those of the process.</summary>
    public static double Seconds
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return Environment.CpuUsage.TotalTime.TotalSeconds;
            var text = File.ReadAllText("/proc/thread-self/schedstat");
            return long.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture) / 1e9;
        }
    }
}
