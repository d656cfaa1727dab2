using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf;

/// <summary>The clock of kernel events: CLOCK_BOOTTIME, which counts through suspends and never jumps.</summary>
public static partial class BootClock
{
    private const int Realtime = 0;
    private const int Boottime = 7;

    /// <summary>Nanoseconds since the boot.</summary>
    public static ulong NowNs => (ulong)Read(Boottime);

    /// <summary>
    /// What to add to a boot time to get nanoseconds since 1970 UTC. The closest of a few tries: a pause between the two
    /// readings would shift every time of the run.
    /// </summary>
    public static long OffsetNs
    {
        get
        {
            var (best, spread) = (0L, long.MaxValue);
            for (var i = 0; i < 8; i++)
            {
                var before = Read(Boottime);
                var wall = Read(Realtime);
                var after = Read(Boottime);
                if (after - before >= spread) continue;
                spread = after - before;
                best = wall - (before + (spread / 2));
            }

            return best;
        }
    }

    private static long Read(int clock)
    {
        var result = clock_gettime(clock, out var time);
        return result == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
            : throw new InvalidOperationException($"clock {clock} cannot be read");
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
