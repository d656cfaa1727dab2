using Picket.Actors;
using Picket.Detection.Sigma;

namespace Picket.Detection.Sharding;

/// <summary>/detection: supervises the shards, and what hears of the matches of all of them, and passes new rules on to them.</summary>
internal sealed class DetectionActor : UntypedActor
{
    private readonly Func<IActorRef, IReadOnlyList<Props>> _shards;
    private readonly Props _correlation;
    private IActorRef _heard = ActorRefs.Nobody;
    private IActorRef[] _parts = [];

    /// <param name="shards">The shards' recipes, given the correlations.</param>
    /// <param name="correlation">The correlations' recipe.</param>
    public DetectionActor(Func<IActorRef, IReadOnlyList<Props>> shards, Props correlation)
    {
        _shards = shards;
        _correlation = correlation;
    }

    protected override void PreStart()
    {
        _heard = Part("correlation", _correlation);
        var recipes = _shards(_heard);
        _parts = new IActorRef[recipes.Count];
        for (var i = 0; i < _parts.Length; i++) _parts[i] = Part($"shard-{i}", recipes[i]);

        Context.Parent.Tell(new ShardsReady(_parts), Self);
    }

    /// <summary>The shards are kept: a supervisor has no state that could be wrong for them.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    /// <summary>The correlations are told of a new set first: they know matches by both, the shards' only by their own.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SwapRules:
                _heard.Tell(message, Self);
                foreach (var shard in _parts) shard.Tell(message, Self);
                break;
            case RetireRules:
                _heard.Tell(message, Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static IActorRef Part(string name, Props recipe)
    {
        var kept = Context.Child(name);
        return kept.IsNobody() ? Context.ActorOf(recipe, name) : kept;
    }
}
