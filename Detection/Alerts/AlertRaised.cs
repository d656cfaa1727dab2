using Picket.Actors;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts;

/// <summary>
/// An alert on its way to <c>/alerts</c>. It holds the batch that it was made of, so that a source may not forget its records
/// before the outbox has had them, and it settles its edge of the ledger.
/// </summary>
public sealed class AlertRaised : ILease
{
    /// <summary>How often an alert is handed to a failing receiver before it is given up and counted as failed.</summary>
    public const int MaxAttempts = 3;

    private readonly EventBatch? _batch;
    private readonly LedgerEdge _edge;
    private int _attempts;
    private bool _inHand;
    private bool _handled;

    private AlertRaised(Alert alert, EventBatch? batch, LedgerEdge edge)
    {
        Alert = alert;
        _batch = batch;
        _edge = edge;
    }

    /// <summary>The alert.</summary>
    public Alert Alert { get; }

    /// <summary>Whether an earlier try to handle it failed.</summary>
    public bool IsRetry => _attempts > 1;

    /// <summary>Makes the message and counts it on <paramref name="edge"/>; the caller sends it at once.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="batch">The batch behind it, which the caller holds; null for a notice.</param>
    /// <param name="edge">The edge from the sender to <c>/alerts</c>.</param>
    public static AlertRaised Raise(Alert alert, EventBatch? batch, LedgerEdge edge)
    {
        batch?.Hold();
        edge.Give(1);
        return new AlertRaised(alert, batch, edge);
    }

    /// <summary>Begins the handling; <see cref="End"/> says that it succeeded.</summary>
    public void Begin()
    {
        _attempts++;
        _inHand = true;
    }

    /// <summary>The outbox write was tried and its outcome counted: the alert is the receiver's now.</summary>
    public void End()
    {
        _inHand = false;
        _handled = true;
    }

    /// <inheritdoc/>
    public void Release()
    {
        if (_handled) _edge.Take(1);
        else if (_attempts > 0) _edge.Fail(1);
        else _edge.Drop(1);
        _batch?.LetGo();
    }

    /// <inheritdoc/>
    public bool SkipFailed()
    {
        // Trying again is safe, since the outbox knows the ids it has; giving up at the first failure would lose an alert.
        var again = _inHand && _attempts < MaxAttempts;
        _inHand = false;
        return again;
    }
}
