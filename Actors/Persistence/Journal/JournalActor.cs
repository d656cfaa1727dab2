using Picket.Actors.Persistence.Writing;

namespace Picket.Actors.Persistence.Journal;

/// <summary>
/// Says when the pump may go on, in one place. What must outlive an incarnation (the write under way, what has gathered) is the pump's.
/// </summary>
internal sealed class JournalActor(WritePump pump) : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WritesWaiting:
                pump.Start(Self);
                break;
            case WriteEnded:
                pump.End(Self);
                break;
            case QuietRequest request:
                pump.RunWhenQuiet(request);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What was accepted is still stored, by the thread pool.</summary>
    protected override void PostStop() => pump.Drain();

    /// <summary>A restart loses nothing and drains nothing.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Self.Tell(WritesWaiting.Instance);
    }
}
