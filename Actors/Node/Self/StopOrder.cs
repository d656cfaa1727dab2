using System.Runtime.InteropServices;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Node.Self;

/// <summary>
/// Knows an ordinary stop: SIGTERM to the node by pid 1, or by the process that started it, as service managers send it. They send it to
/// all that belongs to the service, the guard too, and SIGCONT behind it: that is one stop, and one word of it.
/// </summary>
/// <param name="parent">The node's parent now.</param>
/// <param name="time">The clock.</param>
internal sealed partial class StopOrder(Func<int> parent, TimeProvider time)
{
    private const int Init = 1, MostHeld = 4;

    /// <summary>How long what reached the guard alone may be the beginning of a stop.</summary>
    public static readonly TimeSpan HoldFor = TimeSpan.FromSeconds(1);

    /// <summary>How long after the order the rest of it may come.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly List<(SensorTouched Touched, long At)> _held = [];
    private (ProcessKey By, long At)? _ordered;

    /// <summary>Over the running process.</summary>
    public StopOrder(TimeProvider time)
        : this(OperatingSystem.IsWindows() ? () => 0 : getppid, time)
    {
    }

    /// <summary>What an act is to a stop.</summary>
    public StopPart Take(SensorTouched touched)
    {
        if (touched.Kind != EventKind.Kill || touched.Detail is not ("SIGTERM" or "SIGCONT")) return StopPart.None;
        if (touched.Key.Pid != Init && touched.Key.Pid != parent()) return StopPart.None;
        var isOrdered = _ordered is { } order && order.By == touched.Key && time.GetElapsedTime(order.At) < Within;
        if (touched.Guard == 0)
        {
            if (isOrdered && touched.Detail == "SIGCONT") return StopPart.Rest;
            if (isOrdered || touched.Detail != "SIGTERM") return StopPart.None;
            _ordered = (touched.Key, time.GetTimestamp());
            _held.RemoveAll(held => held.Touched.Key == touched.Key);
            return StopPart.Order;
        }

        if (isOrdered) return StopPart.Rest;
        if (_held.Count == MostHeld || (touched.Detail == "SIGCONT" && !_held.Exists(held => held.Touched.Key == touched.Key)))
            return StopPart.None;
        _held.Add((touched, time.GetTimestamp()));
        return StopPart.Held;
    }

    /// <summary>What reached the guard and was no stop of the node after all.</summary>
    public IReadOnlyList<SensorTouched> Due() => Due(HoldFor);

    /// <summary>The same, without waiting any longer: the node ends.</summary>
    public IReadOnlyList<SensorTouched> Rest() => Due(TimeSpan.Zero);

    private SensorTouched[] Due(TimeSpan after)
    {
        if (_held.Count == 0) return [];
        var due = _held.Where(held => time.GetElapsedTime(held.At) >= after).Select(held => held.Touched).ToArray();
        _held.RemoveAll(held => due.Contains(held.Touched));
        return due;
    }

    [LibraryImport("libc")]
    private static partial int getppid();
}
