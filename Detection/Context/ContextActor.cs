using System.Buffers.Text;
using System.Text;
using Picket.Actors;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context;

/// <summary>
/// /context: the one writer of process contexts. It applies forks, execs and exits in order, attaches the context to each
/// record and hands every shard the indexes of its records: as many messages a batch as there are shards, none per event.
/// </summary>
internal sealed class ContextActor : UntypedActor
{
    private readonly ContextState _state;
    private readonly ContextOptions _options;
    private readonly IActorRef[] _shards;
    private readonly IActorRef _ledger;
    private readonly SpillDiversion? _diversion;
    private readonly Dictionary<ProcessKey, IActorRef> _actors = [];

    /// <summary>Makes the stage.</summary>
    /// <param name="state">Survives restarts.</param>
    /// <param name="options">How it works.</param>
    /// <param name="shards">The detection shards, by index.</param>
    /// <param name="ledger">Receives a <see cref="LedgerReport"/> for each line at each barrier.</param>
    /// <param name="time">The clock.</param>
    public ContextActor(ContextState state, ContextOptions options, IActorRef[] shards, IActorRef ledger, TimeProvider time)
    {
        _state = state;
        _options = options;
        _shards = shards;
        _ledger = ledger;
        _diversion = state.Spill is { } lanes
            ? new SpillDiversion(lanes, state, said => ledger.Tell(said, ActorRefs.NoSender), time)
            : null;
    }

    protected override void PreStart()
    {
        // After a restart the children still live with their stories, and the table still knows the processes of those that
        // do not. Only a first start finds both empty.
        foreach (var child in Context.GetChildren())
        {
            if (ProcessActor.TryParseName(child.Path.Name, out var key)) _actors[key] = Context.Watch(child);
        }

        foreach (var context in _state.Table.Living) Appear(context);
    }

    /// <summary>The children are kept: their stories are theirs, and what failed here says nothing about them.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventSlice slice:
                Route(slice);
                break;
            case Barrier barrier:
                Pass(barrier);
                break;
            case ProcessMatched matched:
                if (_actors.TryGetValue(matched.Key, out var actor)) actor.Tell(matched);
                break;
            case TellLiving ask:
                var version = _state.Table.Version;
                if (version != ask.Known) Sender.Tell(new LivingProcesses(version, [.. _state.Table.Living]), Self);
                break;
            case TellProcesses ask:
                Sender.Tell(KnownProcesses.Of(ask, _state.Table.All), Self);
                break;
            case AncestryRecovered recovered:
                _state.Table.Adopt(recovered.Ancestors, recovered.Links);
                break;
            case EdgeMark mark:
                _ledger.Tell(LedgerReport.At(new Barrier(0, mark.Edge, mark.Given)), Self);
                break;
            case SweepBegun:
                _state.Table.BeginSweep();
                break;
            case SweepEnded ended:
                _ledger.Tell(LedgerReport.At(new Barrier(0, ended.Edge, ended.Given)), Self);
                foreach (var gone in _state.Table.EndSweep(ended.StartedNs)) End(gone.Key, ended.StartedNs);
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private void Route(EventSlice slice)
    {
        var router = _state.Router;
        var abandoned = router.Begin(slice.Batch);
        if (abandoned > 0) _state.Stage.Leave(ContextState.Abandoned, abandoned);
        while (slice.MoveNext(out var view, out var index))
        {
            _state.Stage.Enter(1);
            Apply(slice.Batch, view, index);
        }

        router.End();
        _diversion?.Begin();
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            var indexes = router.Take(shard);
            if (_diversion is not null) indexes = _diversion.Divert(slice.Batch, indexes, shard);
            if (indexes.IsEmpty) continue;
            _state.Stage.Leave(ContextState.Forwarded, indexes.Length);
            _shards[shard].Tell(EventSlice.Lend(slice.Batch, indexes, _state.ShardEdges[shard]), Self);
        }

        // Behind the execution itself: its shard sees it first without, then with the hashes.
        foreach (var index in router.Awaiting)
        {
            var view = slice.Batch.View(index);
            _state.Hashes!.Await(((ProcessContext)view.Context!).Program.HashSlot!, view);
        }

        _state.Table.Expire(_state.NewestNs);
    }

    private void Apply(EventBatch batch, EventView view, int index)
    {
        ref readonly var record = ref view.Record;
        ProcessContext? context;
        ProcessContext? other;
        ProcessChange change;
        try
        {
            other = _state.Table.OtherOf(record);
            context = _state.Table.Apply(view, out change);
        }
        catch
        {
            // The supervisor restarts this actor and the slice goes on with the next record; this one is said to have failed.
            _state.Stage.Leave(ContextState.Failed, 1);
            throw;
        }

        batch.Attach(index, context, other);
        if ((record.Flags & EventFlags.OnSensor) != 0) Touched(view, context);

        // A line of a log has a clock of its own and says nothing of when processes end.
        if (!record.Key.IsNone && record.TimeNs > _state.NewestNs) _state.NewestNs = record.TimeNs;
        if (context is not null) Follow(context, change, record.TimeNs);
        var wanted = _state.Interest.Wants(record.Kind);
        if (record.Kind == EventKind.ProcessSnapshot || (record.Kind == EventKind.ProcessFork && !wanted))
            _state.Stage.Leave(ContextState.ContextOnly, 1);
        else if (!wanted) _state.Stage.Leave(ContextState.NotAsked, 1);
        else
        {
            _state.Router.Add(record.Key, index);
            if (record.Kind == EventKind.ProcessCreation && context?.Program.HashSlot is { } slot && _state.Hashes!.TryAwait(slot))
            {
                batch.Mark(index, EventFlags.HashesAwaited);
                _state.Router.Await(index);
            }
        }
    }

    /// <summary>What is done to the sensor or its guard is said whether a rule asks for it or not.</summary>
    private void Touched(EventView view, ProcessContext? by)
    {
        ref readonly var record = ref view.Record;
        var field = record.Kind switch
        {
            EventKind.Kill => CallFields.Signal,
            EventKind.FileOpen => Fields.TargetFilename,
            _ => CallFields.Request,
        };
        var what = view.First(field).Text;
        var guard = 0;
        if (!view.First(CallFields.TargetIsGuard).Text.IsEmpty)
            _ = Utf8Parser.TryParse(view.First(CallFields.TargetProcessId).Text, out guard, out _);
        _ledger.Tell(new SensorTouched(record.Kind, Encoding.UTF8.GetString(what), by, record.Key, record.TimeNs, guard), Self);
    }

    private void Follow(ProcessContext context, ProcessChange change, ulong timeNs)
    {
        if (change is ProcessChange.Appeared or ProcessChange.Executed or ProcessChange.Changed) _state.Journal?.Add(context, _state.Table);
        switch (change)
        {
            case ProcessChange.Appeared:
                Appear(context);
                break;
            case ProcessChange.Changed when _actors.TryGetValue(context.Key, out var actor):
                actor.Tell(new ProcessChanged(context), Self);
                break;
            case ProcessChange.Executed when _actors.TryGetValue(context.Key, out var actor):
                actor.Tell(new ProcessExecuted(context), Self);
                break;
            case ProcessChange.Ended:
                End(context.Key, timeNs);
                break;
        }
    }

    private void Appear(ProcessContext context)
    {
        if (_actors.ContainsKey(context.Key)) return;
        var options = _options;
        var actor = Context.ActorOf(Props.CreateFrom(() => new ProcessActor(context, options)), $"p-{context.Key}");
        _actors.Add(context.Key, Context.Watch(actor));
    }

    private void End(ProcessKey key, ulong timeNs)
    {
        if (_actors.TryGetValue(key, out var actor)) actor.Tell(new ProcessEnded(timeNs), Self);
    }

    private void Forget(IActorRef actor)
    {
        if (ProcessActor.TryParseName(actor.Path.Name, out var key)) _actors.Remove(key);
    }

    private void Pass(Barrier barrier)
    {
        _ledger.Tell(LedgerReport.At(barrier), Self);
        _ledger.Tell(LedgerReport.At(barrier.Number, _state.Stage, 0), Self);
        _diversion?.Settle();
        _state.Spill?.Post.Pass(barrier);
        _state.Hashes?.Pass(barrier);
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            var edge = _state.ShardEdges[shard];
            _shards[shard].Tell(new Barrier(barrier.Number, edge, edge.Given), Self);
        }
    }
}
