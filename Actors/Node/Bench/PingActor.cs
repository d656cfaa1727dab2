using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Keeps one message on its way between itself and its partner, for so many rounds.</summary>
internal sealed class PingActor(IActorRef partner, int rounds, Countdown done) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Payload payload) Unhandled(message);
        else if (payload.Number == rounds) done.Signal();
        else partner.Tell(new Payload(payload.Number + 1), Self);
    }
}
