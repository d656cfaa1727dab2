using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Takes messages until the one with the last number, and fails when one comes out of order.</summary>
internal sealed class CountingActor(int last, Countdown done) : UntypedActor
{
    private int _seen;

    protected override void OnReceive(object message)
    {
        if (message is not Payload payload)
        {
            Unhandled(message);
            return;
        }

        if (payload.Number != ++_seen) throw new InvalidOperationException($"message {payload.Number} came as number {_seen}");
        if (_seen == last) done.Signal();
    }
}
