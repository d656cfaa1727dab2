namespace Picket.Detection.Alerts.Policy;

/// <summary>
/// Decides which alerts go out. Asking changes nothing; only an alert that did go out is remembered, so that one that could
/// not be stored is judged the same when it is tried again. Not thread-safe.
/// </summary>
public sealed class AlertPolicy
{
    private const long TickNs = 100;

    private readonly AlertPolicyOptions _options;
    private readonly long _suppressNs;
    private readonly double _tokensPerNs;
    private readonly Dictionary<StableId, (long TimeNs, StableId By)> _recent = [];
    private readonly Queue<StableId> _order = new();
    private readonly Dictionary<string, (double Tokens, long TimeNs)> _rules = new(StringComparer.Ordinal);

    /// <summary>Makes a policy that remembers nothing yet.</summary>
    public AlertPolicy(AlertPolicyOptions options)
    {
        options.Validate();
        _options = options;
        _suppressNs = options.SuppressWindow.Ticks * TickNs;
        _tokensPerNs = options.MaxPerRule / (double)(options.RateWindow.Ticks * TickNs);
    }

    /// <summary>Judges an alert.</summary>
    public AlertVerdict Judge(Alert alert)
    {
        if (alert.IsNotice) return AlertVerdict.Pass;

        // Events of several lanes come out of order: one that is a little older than the alert that went out is like it all the same.
        if (_suppressNs > 0 && alert.Likeness != default && _recent.TryGetValue(alert.Likeness, out var last)
            && last.By != alert.Id && Math.Abs(alert.TimeNs - last.TimeNs) < _suppressNs) return AlertVerdict.Suppressed;
        return _options.MaxPerRule > 0 && TokensOf(alert) < 1 ? AlertVerdict.RateLimited : AlertVerdict.Pass;
    }

    /// <summary>Remembers that an alert went out, now or in an earlier run.</summary>
    public void WentOut(Alert alert)
    {
        if (alert.IsNotice) return;
        if (_suppressNs > 0 && alert.Likeness != default) Remember(alert);
        if (_options.MaxPerRule == 0) return;
        if (_rules.Count >= _options.MaxTracked) _rules.Clear();
        var time = _rules.TryGetValue(alert.RuleId, out var bucket) ? Math.Max(bucket.TimeNs, alert.TimeNs) : alert.TimeNs;
        _rules[alert.RuleId] = (Math.Max(0, TokensOf(alert) - 1), time);
    }

    private void Remember(Alert alert)
    {
        if (!_recent.ContainsKey(alert.Likeness))
        {
            if (_recent.Count >= _options.MaxTracked) _recent.Remove(_order.Dequeue());
            _order.Enqueue(alert.Likeness);
        }

        _recent[alert.Likeness] = (alert.TimeNs, alert.Id);
    }

    /// <summary>A bucket that fills with event time and never runs backwards.</summary>
    private double TokensOf(Alert alert)
    {
        if (!_rules.TryGetValue(alert.RuleId, out var bucket)) return _options.MaxPerRule;
        var passed = Math.Max(0, alert.TimeNs - bucket.TimeNs);
        return Math.Min(_options.MaxPerRule, bucket.Tokens + (passed * _tokensPerNs));
    }
}
