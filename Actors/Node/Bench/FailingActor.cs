using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Throws at every 10th message; its supervisor restarts it and it goes on with the next.</summary>
internal sealed class FailingActor(int last, Countdown done) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Payload payload)
        {
            Unhandled(message);
            return;
        }

        if (payload.Number == last) done.Signal();
        if (payload.Number % 10 == 0) throw new InvalidOperationException("every 10th message");
    }
}
