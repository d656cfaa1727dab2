using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Policy;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>
/// The way of an alert into the outbox: known ids, policy, store. What the outbox cannot take now waits here, bounded in bytes;
/// beyond that it is counted as refused. Outlives the actor that uses it. Not thread-safe.
/// </summary>
public sealed class AlertIntake
{
    private const int Stored = 0;
    private const int Duplicate = 1;
    private const int Suppressed = 2;
    private const int RateLimited = 3;
    private const int Refused = 4;
    private const int TooLarge = 5;

    private readonly AlertOutbox _outbox;
    private readonly AlertPolicy _policy;
    private readonly long _maxWaitingBytes;
    private readonly LedgerEdge[] _sinks;
    private readonly Queue<Alert> _waiting = new();
    private readonly HashSet<StableId> _waitingIds = [];
    private long _waitingBytes;

    /// <summary>Makes the intake of one outbox.</summary>
    /// <param name="outbox">Where alerts go.</param>
    /// <param name="policy">Which ones.</param>
    /// <param name="maxWaitingBytes">Bytes of alerts that may wait in memory while the outbox takes none.</param>
    /// <param name="sinks">The edges from the outbox to its sinks; each stored alert is given on all of them.</param>
    public AlertIntake(AlertOutbox outbox, AlertPolicy policy, long maxWaitingBytes, IReadOnlyList<LedgerEdge> sinks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxWaitingBytes);
        _outbox = outbox;
        _policy = policy;
        _maxWaitingBytes = maxWaitingBytes;
        _sinks = [.. sinks];
    }

    /// <summary>What came in and by which way it left.</summary>
    public LedgerStage Stage { get; } = new("alerts", "stored", "duplicate", "suppressed", "rate-limited", "refused", "too-large");

    /// <summary>Alerts that wait for the outbox to take them.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Address behind the last stored alert.</summary>
    public long End => _outbox.End;

    /// <summary>Takes an alert in.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="isRetry">Whether it was counted as come in before.</param>
    public void Accept(Alert alert, bool isRetry)
    {
        if (!isRetry) Stage.Enter(1);
        if (_outbox.Knows(alert.Id) || _waitingIds.Contains(alert.Id))
        {
            _policy.WentOut(alert);
            Stage.Leave(Duplicate, 1);
            return;
        }

        var verdict = _policy.Judge(alert);
        if (verdict != AlertVerdict.Pass)
        {
            Stage.Leave(verdict == AlertVerdict.Suppressed ? Suppressed : RateLimited, 1);
            return;
        }

        // Those that came first go first.
        var outcome = Drain() ? _outbox.Put(alert) : PutOutcome.Refused;
        if (outcome == PutOutcome.Refused && Wait(alert)) return;
        if (outcome == PutOutcome.Stored) _policy.WentOut(alert);
        Settle(outcome);
    }

    /// <summary>Tries to store what waits; true when nothing does any more.</summary>
    public bool Drain()
    {
        while (_waiting.TryPeek(out var alert))
        {
            var outcome = _outbox.Put(alert);
            if (outcome == PutOutcome.Refused) return false;
            _waiting.Dequeue();
            _waitingIds.Remove(alert.Id);
            _waitingBytes -= alert.Line.Length;
            Settle(outcome);
        }

        return true;
    }

    private bool Wait(Alert alert)
    {
        if (_waitingBytes + alert.Line.Length > _maxWaitingBytes) return false;
        _waiting.Enqueue(alert);
        _waitingIds.Add(alert.Id);
        _waitingBytes += alert.Line.Length;
        _policy.WentOut(alert);
        return true;
    }

    private void Settle(PutOutcome outcome)
    {
        switch (outcome)
        {
            case PutOutcome.Stored:
                Stage.Leave(Stored, 1);
                foreach (var sink in _sinks) sink.Give(1);
                break;
            case PutOutcome.Known:
                Stage.Leave(Duplicate, 1);
                break;
            case PutOutcome.TooLarge:
                Stage.Leave(TooLarge, 1);
                break;
            default:
                Stage.Leave(Refused, 1);
                break;
        }
    }
}
