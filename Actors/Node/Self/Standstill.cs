using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;

namespace Picket.Node.Self;

/// <summary>
/// Tells after the fact that the node was stopped: by the kernel's records of the signals, which name the sender and both times, or,
/// where nothing was sent (a frozen control group, a debugger), by a tick that came much too late.
/// </summary>
/// <param name="limit">How late a tick may come on a busy host.</param>
/// <param name="time">The clock. Its time stamps stand still while the host sleeps, which is no stop of the node.</param>
internal sealed class Standstill(TimeSpan limit, TimeProvider time)
{
    private long _tick;
    private (DateTimeOffset Time, SensorTouched By)? _stopped;
    private (DateTimeOffset From, DateTimeOffset To)? _late;
    private DateTimeOffset _said = DateTimeOffset.MinValue;

    /// <summary>The regular tick. A late one is said at the next: meanwhile the signals' records arrive, which know more.</summary>
    public Notice? Tick()
    {
        var (before, now, tick) = (_tick, time.GetUtcNow(), time.GetTimestamp());
        _tick = tick;
        if (_late is { } late)
        {
            _late = null;
            if (_said < late.From) return Say(late.From, late.To, "", null);
        }

        if (before != 0 && time.GetElapsedTime(before, tick) is var gap && gap > limit) _late = (now - gap, now);
        return null;
    }

    /// <summary>A signal that somebody sent to the node; one to its guard stops no node.</summary>
    public Notice? Signal(SensorTouched touched)
    {
        if (touched.Kind != EventKind.Kill || touched.Guard != 0) return null;
        var at = DateTimeOffset.UnixEpoch.AddTicks(((long)touched.TimeNs + BootClock.OffsetNs) / 100);
        switch (touched.Detail)
        {
            case "SIGSTOP" or "SIGTSTP" or "SIGTTIN" or "SIGTTOU":
                _stopped ??= (at, touched);
                return null;
            case "SIGCONT" when _stopped is { } stop:
                _stopped = null;
                _said = at;
                var sender = $"{stop.By.By?.ToString() ?? "a process"} ({stop.By.Key.Pid})";
                return Say(stop.Time, at, $" by {stop.By.Detail} from {sender}", stop.By);
            default:
                return null;
        }
    }

    private static Notice Say(DateTimeOffset from, DateTimeOffset to, string how, SensorTouched? by)
    {
        var noticed = by is null ? "its own clock" : "the kernel's records of signals";
        return new Notice("node-stopped", "The node itself was stopped", AlertLevel.High,
            $"the node was stopped{how} from {NoticeTime.Of(from)} to {NoticeTime.Of(to)}, "
            + $"as the node noticed by {noticed} when it went on; "
            + "what happened meanwhile waited in the ring",
            [new("from", NoticeTime.Of(from)), new("to", NoticeTime.Of(to)), new("noticed-by", by is null ? "clock" : "kernel"),
                new("by-pid", by?.Key.Pid ?? 0), new("by", by?.By?.ToString() ?? "")]);
    }
}
