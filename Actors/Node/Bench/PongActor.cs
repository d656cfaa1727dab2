using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Answers each payload with a new one of the same number.</summary>
internal sealed class PongActor : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is Payload payload) Sender.Tell(new Payload(payload.Number), Self);
        else Unhandled(message);
    }
}
