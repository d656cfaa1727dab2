using System.Runtime.InteropServices;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Sharding;

/// <summary>
/// /detection/shard-N: the records of a fixed part of the processes. It feeds each engine the same records as a lease of its
/// own, so that one engine's failure costs the others nothing.
/// </summary>
internal sealed class ShardActor : UntypedActor
{
    private readonly ShardState _state;
    private readonly IReadOnlyList<ShardEngine> _engines;
    private readonly IActorRef _ledger;
    private readonly IActorRef[] _children;

    public ShardActor(ShardState state, IReadOnlyList<ShardEngine> engines, IActorRef ledger)
    {
        _state = state;
        _engines = engines;
        _ledger = ledger;
        _children = new IActorRef[engines.Count];
    }

    protected override void PreStart()
    {
        for (var i = 0; i < _engines.Count; i++)
        {
            var kept = Context.Child(_engines[i].Name);
            _children[i] = kept.IsNobody() ? Context.ActorOf(_engines[i].Props, _engines[i].Name) : kept;
        }
    }

    /// <summary>The engines are kept: this actor's failure says nothing about them, and their mailboxes hold slices.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventSlice slice:
                Feed(slice);
                break;
            case Barrier barrier:
                _ledger.Tell(LedgerReport.At(barrier), Self);
                if (barrier.EndsHere) break;
                for (var i = 0; i < _children.Length; i++)
                {
                    var edge = _state.Edges[i];
                    _children[i].Tell(new Barrier(barrier.Number, edge, edge.Given), Self);
                }

                break;
            case SwapRules:
                for (var i = 0; i < _children.Length; i++)
                {
                    if (_engines[i].TakesRules) _children[i].Tell(message, Self);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Feed(EventSlice slice)
    {
        var indexes = _state.Indexes;
        indexes.Clear();
        while (slice.MoveNext(out _, out var index)) indexes.Add(index);
        for (var i = 0; i < _children.Length; i++)
        {
            _children[i].Tell(EventSlice.Lend(slice.Batch, CollectionsMarshal.AsSpan(indexes), _state.Edges[i]), Self);
        }
    }
}
