using System.Text;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Sigma;

/// <summary>
/// /detection/shard-N/sigma: asks the rules about each record of its slices. A rule that throws puts the event into quarantine
/// and costs nothing else; what escapes the engine restarts this actor, which goes on with the next record.
/// </summary>
internal sealed class SigmaActor : UntypedActor, ISigmaSink
{
    private readonly SigmaState _state;
    private readonly IActorRef _alerts;
    private readonly IActorRef _monitor;
    private readonly IActorRef _correlation;

    public SigmaActor(SigmaState state, IActorRef alerts, IActorRef monitor, IActorRef correlation)
    {
        _state = state;
        _alerts = alerts;
        _monitor = monitor;
        _correlation = correlation;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventSlice slice:
                while (slice.MoveNext(out var view, out _)) Ask(view);
                break;
            case Barrier barrier:
                _monitor.Tell(LedgerReport.At(barrier), Self);
                _monitor.Tell(LedgerReport.At(barrier.Number, _state.Stage, 0), Self);
                _alerts.Tell(new Barrier(barrier.Number, _state.Edge, _state.Edge.Given), Self);
                _correlation.Tell(new Barrier(barrier.Number, _state.Correlation, _state.Correlation.Given), Self);
                break;
            case SwapRules swap:
                Swap(swap);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public void OnMatch(SigmaRule rule, in EventView view)
    {
        if (rule.Alerts) Raise(rule, view);
        if (rule.IsCorrelated) _correlation.Tell(RuleMatched.Raise(rule, view, _state.Correlation), Self);
    }

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => _monitor.Tell(new Notice(
        "quarantine", "A rule failed on an event", AlertLevel.Medium,
        $"the rule {rule} failed on an event of process {view.Record.Key.Pid}, which is kept in this notice: {failure.Message}",
        [new("rule-id", rule.Id), new("rule-name", rule.Title), new("file", rule.File), new("failure", failure.GetType().Name),
            new("message", failure.Message), new("event-kind", view.Record.Kind.ToString()),
            new("event-sequence", (long)view.Record.Sequence),
            new("process", view.Record.Key.ToString()), .. Fields(view)]), Self);

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) => _monitor.Tell(new Notice(
        "rule-disabled", "A rule was switched off", AlertLevel.High,
        $"the rule {rule} failed {failures} times within {within.TotalSeconds:0.###} s and is not asked any more",
        [new("rule-id", rule.Id), new("rule-name", rule.Title), new("file", rule.File), new("failures", failures)]), Self);

    /// <summary>Events before this message were decided by the old set, those behind it are by the new one.</summary>
    private void Swap(SwapRules swap)
    {
        if (swap.Generation > _state.Generation)
        {
            var engine = swap.Engines[_state.Index];
            engine.TakeOver(_state.Engine);
            _state.Engine = engine;
            _state.Generation = swap.Generation;
        }

        swap.Asker.Tell(new RulesSwapped(swap.Generation, Self), Self);
    }

    private void Raise(SigmaRule rule, in EventView view)
    {
        var alert = _state.Builder.Build(rule.Alert, view, _state.Engine.Explain(rule, view));
        _alerts.Tell(AlertRaised.Raise(alert, view.Batch, _state.Edge), Self);
        _state.Stories.Tell(new ProcessMatched(view.Record.Key, rule.Id, rule.Title, alert.Id.ToString(), view.Record.TimeNs));
    }

    private void Ask(in EventView view)
    {
        _state.Stage.Enter(1);
        try
        {
            _state.Engine.Evaluate(view, this);
        }
        catch
        {
            // What escapes the engine is this actor's failure; the supervisor restarts it and the slice goes on.
            _state.Stage.Leave(SigmaState.Failed, 1);
            throw;
        }

        _state.Stage.Leave(SigmaState.Evaluated, 1);
    }

    /// <summary>The event itself, as far as it is text: what a rule's author needs to see.</summary>
    private static List<NoticeDetail> Fields(in EventView view)
    {
        const int Longest = 2048;
        var details = new List<NoticeDetail>();
        foreach (ref readonly var entry in view.Entries)
        {
            if (entry.Id == FieldId.Unnamed) continue;
            var text = view.ValueOf(entry).Text;
            details.Add(new NoticeDetail("event-" + FieldTable.NameOf(entry.Id),
                Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest)])));
        }

        return details;
    }
}
