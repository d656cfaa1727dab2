using System.Collections.Concurrent;
using Picket.Actors;

namespace Picket.Spec.Context;

/// <summary>An actor that keeps what it hears, and may answer.</summary>
internal sealed class Ear
{
    private readonly ConcurrentQueue<object> _heard = new();

    public Ear(ActorSystem system, Func<object, object?>? answer = null) =>
        Ref = system.ActorOf(Props.CreateFrom(() => new EarActor(_heard, answer ?? (static _ => null))));

    public IActorRef Ref { get; }

    public IReadOnlyList<T> Heard<T>() => [.. _heard.OfType<T>()];

    private sealed class EarActor(ConcurrentQueue<object> heard, Func<object, object?> answer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            heard.Enqueue(message);
            if (answer(message) is { } said) Sender.Tell(said, Self);
        }
    }
}
