using Picket.Detection.Alerts;
using Picket.Detection.Context;

namespace Picket.Node.Self;

/// <summary>
/// Makes notices of what others do to the node's process and its guard: first acts, and counts of what followed.
/// </summary>
internal sealed class Touches(RepeatBook book)
{
    /// <summary>Over the running process; what follows within 10 s is counted.</summary>
    public Touches(TimeProvider time)
        : this(new RepeatBook(TimeSpan.FromSeconds(10), time))
    {
    }

    /// <summary>An act; what is to be said at once, null for nothing.</summary>
    public Notice? Take(SensorTouched touched) => book.Add(touched) ? TouchNotices.Of(touched) : null;

    /// <summary>What was waited for.</summary>
    public IEnumerable<Notice> Due() => book.Due().Select(TouchNotices.Of);

    /// <summary>All that was not said: the node ends.</summary>
    public IEnumerable<Notice> Rest() => book.Rest().Select(TouchNotices.Of);
}
