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
    /// <summary>Stops that are shorter, and follow within a window after the last word on one, are counted and said in one.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1), Window = TimeSpan.FromSeconds(10);

    private long _tick;
    private long? _saidAt;
    private Sum? _more;
    private (DateTimeOffset Time, SensorTouched By)? _stopped;
    private (DateTimeOffset From, DateTimeOffset To)? _late;
    private DateTimeOffset _said = DateTimeOffset.MinValue;

    /// <summary>The regular tick. A late one is said at the next: meanwhile the signals' records arrive, which know more.</summary>
    public IReadOnlyList<Notice> Tick()
    {
        var due = new List<Notice>();
        var (before, now, tick) = (_tick, time.GetUtcNow(), time.GetTimestamp());
        _tick = tick;
        if (_more is not null && time.GetElapsedTime(_saidAt!.Value, tick) >= Window)
        {
            _saidAt = tick;
            due.Add(SayMore());
        }

        if (_late is { } late)
        {
            _late = null;
            if (_said < late.From) due.Add(Say(late.From, late.To, "", null));
        }

        if (before != 0 && time.GetElapsedTime(before, tick) is var gap && gap > limit) _late = (now - gap, now);
        return due;
    }

    /// <summary>What was counted and not said: the node ends.</summary>
    public IReadOnlyList<Notice> Rest() => _more is null ? [] : [SayMore()];

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
                if (at - stop.Time < Short && _saidAt is { } said && time.GetElapsedTime(said) < Window)
                {
                    _more = _more is not { } more ? new Sum(stop.Time, at, 1, at - stop.Time, stop.By)
                        : more with { To = at, Times = more.Times + 1, Held = more.Held + (at - stop.Time), By = stop.By };
                    return null;
                }

                _saidAt = time.GetTimestamp();
                return Say(stop.Time, at, $" by {stop.By.Detail} from {Sender(stop.By)}", stop.By);
            default:
                return null;
        }
    }

    private Notice SayMore()
    {
        var more = _more!;
        _more = null;
        return new Notice("node-stopped", "The node itself was stopped", AlertLevel.High,
            $"the node was stopped {more.Times} more {(more.Times == 1 ? "time" : "times")} from {NoticeTime.Of(more.From)} to "
            + $"{NoticeTime.Of(more.To)}, for less than {Short.TotalSeconds:0} s each time and {(long)more.Held.TotalMilliseconds} ms "
            + $"in all, as the node noticed by the kernel's records of signals; the last was by {more.By.Detail} from {Sender(more.By)}",
            [new("how", "held"), new("from", NoticeTime.Of(more.From)), new("to", NoticeTime.Of(more.To)), new("noticed-by", "kernel"),
                new("by-pid", more.By.Key.Pid), new("by", more.By.By?.ToString() ?? ""), new("repeated", more.Times),
                new("held-ms", (long)more.Held.TotalMilliseconds)]);
    }

    private static string Sender(SensorTouched by) => $"{by.By?.ToString() ?? "a process"} ({by.Key.Pid})";

    private static Notice Say(DateTimeOffset from, DateTimeOffset to, string how, SensorTouched? by)
    {
        var noticed = by is null ? "its own clock" : "the kernel's records of signals";
        return new Notice("node-stopped", "The node itself was stopped", AlertLevel.High,
            $"the node was stopped{how} from {NoticeTime.Of(from)} to {NoticeTime.Of(to)}, "
            + $"as the node noticed by {noticed} when it went on; "
            + "what happened meanwhile waited in the ring",
            [new("how", "held"), new("from", NoticeTime.Of(from)), new("to", NoticeTime.Of(to)),
                new("noticed-by", by is null ? "clock" : "kernel"), new("by-pid", by?.Key.Pid ?? 0), new("by", by?.By?.ToString() ?? "")]);
    }

    private sealed record Sum(DateTimeOffset From, DateTimeOffset To, long Times, TimeSpan Held, SensorTouched By);
}
