namespace Picket.Detection.Sigma;

/// <summary>Counts one rule's failures in a sliding window.</summary>
internal sealed class RuleFailures(SigmaEngineOptions options)
{
    private readonly Queue<long> _times = new();

    /// <summary>Counts a failure now; true when that makes too many.</summary>
    public bool Add()
    {
        var now = options.Clock.GetTimestamp();
        while (_times.TryPeek(out var oldest) && options.Clock.GetElapsedTime(oldest, now) > options.FailureWindow) _times.Dequeue();
        _times.Enqueue(now);
        return _times.Count >= options.FailureLimit;
    }
}
