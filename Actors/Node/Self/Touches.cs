using Picket.Detection.Alerts;
using Picket.Detection.Context;

namespace Picket.Node.Self;

/// <summary>
/// Makes notices of what others do to the node's process and its guard: orders to stop, first acts, and counts of what followed.
/// </summary>
internal sealed class Touches(StopOrder order, RepeatBook book)
{
    /// <summary>Over the running process; what follows within 10 s is counted.</summary>
    public Touches(TimeProvider time)
        : this(new StopOrder(time), new RepeatBook(TimeSpan.FromSeconds(10), time))
    {
    }

    /// <summary>An act; what is to be said at once, null for nothing.</summary>
    public Notice? Take(SensorTouched touched)
    {
        switch (order.Take(touched))
        {
            case StopPart.Order:
                // So that who sends it again is counted.
                book.Add(touched);
                return TouchNotices.Stop(touched);
            case StopPart.None:
                return book.Add(touched) ? TouchNotices.Of(touched) : null;
            default:
                return null;
        }
    }

    /// <summary>What was waited for.</summary>
    public IEnumerable<Notice> Due() => [.. Say(order.Due()), .. book.Due().Select(TouchNotices.Of)];

    /// <summary>All that was not said: the node ends.</summary>
    public IEnumerable<Notice> Rest() => [.. Say(order.Rest()), .. book.Rest().Select(TouchNotices.Of)];

    private IEnumerable<Notice> Say(IEnumerable<SensorTouched> touches) => touches.Where(book.Add).Select(TouchNotices.Of);
}
