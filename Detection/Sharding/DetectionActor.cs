using Picket.Actors;

namespace Picket.Detection.Sharding;

/// <summary>/detection: supervises the shards, and what hears of the matches of all of them, and does nothing else.</summary>
internal sealed class DetectionActor : UntypedActor
{
    private readonly Func<IActorRef, IReadOnlyList<Props>> _shards;
    private readonly Props? _correlation;

    /// <param name="shards">The shards' recipes, given the correlations, who are nobody where there are none.</param>
    /// <param name="correlation">The correlations' recipe; null for none.</param>
    public DetectionActor(Func<IActorRef, IReadOnlyList<Props>> shards, Props? correlation)
    {
        _shards = shards;
        _correlation = correlation;
    }

    protected override void PreStart()
    {
        var recipes = _shards(_correlation is null ? ActorRefs.Nobody : Part("correlation", _correlation));
        var shards = new IActorRef[recipes.Count];
        for (var i = 0; i < shards.Length; i++) shards[i] = Part($"shard-{i}", recipes[i]);

        Context.Parent.Tell(new ShardsReady(shards), Self);
    }

    /// <summary>The shards are kept: a supervisor has no state that could be wrong for them.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message) => Unhandled(message);

    private static IActorRef Part(string name, Props recipe)
    {
        var kept = Context.Child(name);
        return kept.IsNobody() ? Context.ActorOf(recipe, name) : kept;
    }
}
