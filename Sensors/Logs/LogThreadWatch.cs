using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs.Access;

namespace Picket.Sensors.Logs;

/// <summary>
/// Tells a thread that hangs from one that waits or is at work. It is looked at three times at least: after a stop of the whole node this
/// may be faster than the thread's own next step.
/// </summary>
internal sealed class LogThreadWatch(TimeSpan limit)
{
    private const int LeastLooks = 3;

    private LogTurn _turn;
    private int _looks;

    /// <summary>A look at where the thread is; whether it hangs there.</summary>
    public bool Look(in LogTurn turn)
    {
        if (turn.Number != _turn.Number)
        {
            (_turn, _looks) = (turn, 1);
            return false;
        }

        return ++_looks >= LeastLooks && StoodFor(turn) >= limit + turn.Allowance;
    }

    /// <summary>Begins anew, with another thread.</summary>
    public void Reset() => (_turn, _looks) = (default, 0);

    /// <summary>How long it is where it is.</summary>
    public static TimeSpan StoodFor(in LogTurn turn) => TimeSpan.FromTicks((long)(BootClock.NowNs - turn.SinceNs) / 100);
}
