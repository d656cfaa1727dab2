using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>As <see cref="IdleActor"/>, with three handlers.</summary>
internal sealed class IdleReceiveActor : ReceiveActor
{
    private readonly Countdown _started;

    public IdleReceiveActor(Countdown started)
    {
        _started = started;
        Receive<int>(number => Sender.Tell(number));
        Receive<string>(text => Sender.Tell(text));
        Receive<Payload>(payload => Sender.Tell(payload));
    }

    protected override void PreStart() => _started.Signal();
}
