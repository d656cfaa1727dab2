using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma;

/// <summary>
/// A match on its way to the correlations. It holds the batch that the event is in, which is read there and not copied, and it settles its
/// edge of the ledger.
/// </summary>
public sealed class RuleMatched : ILease
{
    private readonly EventBatch _batch;
    private readonly int _index;
    private readonly LedgerEdge _edge;
    private bool _begun;
    private bool _handled;

    private RuleMatched(SigmaRule rule, in EventView view, LedgerEdge edge)
    {
        Rule = rule;
        Id = AlertIds.OfEvent(view);
        _batch = view.Batch;
        _index = view.Index;
        _edge = edge;
    }

    /// <summary>The rule.</summary>
    public SigmaRule Rule { get; }

    /// <summary>The event's id.</summary>
    public StableId Id { get; }

    /// <summary>The event, lent for the handling.</summary>
    public EventView View => _batch.View(_index);

    /// <summary>The batch that the event is in.</summary>
    public EventBatch Batch => _batch;

    /// <summary>Makes the message and counts it on <paramref name="edge"/>; the caller sends it at once.</summary>
    /// <param name="rule">The rule that matched.</param>
    /// <param name="view">The event, whose batch the caller holds.</param>
    /// <param name="edge">The edge from the sender to the correlations.</param>
    public static RuleMatched Raise(SigmaRule rule, in EventView view, LedgerEdge edge)
    {
        var matched = new RuleMatched(rule, view, edge);
        matched._batch.Hold();
        edge.Give(1);
        return matched;
    }

    /// <summary>Begins the handling; <see cref="End"/> says that it succeeded.</summary>
    public void Begin() => _begun = true;

    /// <summary>The correlations have heard of it.</summary>
    public void End() => _handled = true;

    /// <inheritdoc/>
    public void Release()
    {
        if (_handled) _edge.Take(1);
        else if (_begun) _edge.Fail(1);
        else _edge.Drop(1);
        _batch.LetGo();
    }

    /// <summary>It is not tried again: half of the correlations may have heard of it.</summary>
    public bool SkipFailed() => false;
}
