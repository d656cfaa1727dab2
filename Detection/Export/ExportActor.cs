using Picket.Actors;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Export;

/// <summary>
/// /detection/shard-N/export: writes the chosen events of its slices as they are. What it writes is in the file when the slice is
/// done; what cannot be written is counted, so that a full disk costs detection nothing.
/// </summary>
internal sealed class ExportActor : UntypedActor
{
    private readonly ExportState _state;
    private readonly IActorRef _monitor;

    public ExportActor(ExportState state, IActorRef monitor)
    {
        _state = state;
        _monitor = monitor;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventSlice slice:
                while (slice.MoveNext(out var view, out _)) Take(view);
                Flush();
                break;
            case Barrier barrier:
                Flush();
                _monitor.Tell(LedgerReport.At(barrier), Self);
                _monitor.Tell(LedgerReport.At(barrier.Number, _state.Stage, _state.Engine.Pending), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(in EventView view)
    {
        _state.Stage.Enter(1);

        // An execution that comes again with its hashes was written when it came first.
        if (!_state.Engine.Wants(view.Record.Kind) || (view.Record.Flags & EventFlags.HashesLate) != 0)
        {
            _state.Stage.Leave(ExportState.NotAsked, 1);
            return;
        }

        try
        {
            _state.Engine.Add(view);
        }
        catch
        {
            // The supervisor restarts this actor and the slice goes on; the lines before this one are still in the engine.
            _state.Stage.Leave(ExportState.Failed, 1);
            throw;
        }

        if (_state.Engine.IsFull) Flush();
    }

    private void Flush()
    {
        var pending = _state.Engine.Pending;
        _state.Stage.Leave(_state.Engine.Flush() ? ExportState.Written : ExportState.Unwritten, pending);
    }
}
