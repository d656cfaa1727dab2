using System.Runtime.InteropServices;

namespace Picket.Node.Bench.Sensors;

/// <summary>The CPU clock of another process.</summary>
internal static partial class ProcessClock
{
    /// <summary>Seconds on the CPU of all its threads, those that have ended included; 0 for a process that is not there.</summary>
    public static double Seconds(int pid) =>
        clock_getcpuclockid(pid, out var clock) == 0 && clock_gettime(clock, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : 0;

    [LibraryImport("libc")]
    private static partial int clock_getcpuclockid(int pid, out int clock);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
