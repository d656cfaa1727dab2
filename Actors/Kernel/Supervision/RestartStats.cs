namespace Picket.Actors;

/// <summary>How often a supervisor has restarted a child. Touched in the supervisor's turn only.</summary>
internal sealed class RestartStats
{
    private int _count;
    private long? _windowStart;

    public bool RequestPermission(int maxRetries, TimeSpan window, TimeProvider time)
    {
        if (maxRetries == 0) return false;
        if (window == Timeout.InfiniteTimeSpan) return maxRetries < 0 || ++_count <= maxRetries;

        // A window without a count allows one restart in it, as in Akka.
        var limit = maxRetries < 0 ? 1 : maxRetries;
        var now = time.GetTimestamp();
        _windowStart ??= now;
        if (time.GetElapsedTime(_windowStart.Value, now) <= window) return ++_count <= limit;
        _windowStart = now;
        _count = 1;
        return true;
    }
}
