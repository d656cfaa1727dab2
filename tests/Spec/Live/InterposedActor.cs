using Picket.Actors;

namespace Picket.Spec.Live;

/// <summary>Stands before a part of the tree and hands everything on, but for what the test lets it swallow.</summary>
internal sealed class InterposedActor(Func<IActorContext, IActorRef> behind, Swallow swallow) : UntypedActor
{
    private IActorRef _behind = ActorRefs.Nobody;

    public static Props Before(Func<IActorContext, IActorRef> behind, Swallow swallow) => Props.CreateFrom(() => new InterposedActor(behind, swallow));

    protected override void PreStart() => _behind = behind(Context);

    protected override void OnReceive(object message)
    {
        if (!swallow.Takes(message)) _behind.Forward(message);
    }
}
