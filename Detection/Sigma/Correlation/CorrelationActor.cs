using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// /detection/correlation: hears of the matches of all shards, since a group may have events of any process. Where the engine throws it
/// begins anew, which is said; the match is counted as failed.
/// </summary>
internal sealed class CorrelationActor : UntypedActor, ICorrelationSink, IWithTimers
{
    /// <summary>A match of a later time counts as of now: it would make all others of its group late.</summary>
    private const long FutureNs = 60_000_000_000;

    /// <summary>By then what was under way when an earlier run was killed has come again.</summary>
    private static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(2);

    private readonly CorrelationState _state;
    private readonly int _sources;
    private readonly IActorRef _alerts;
    private readonly IActorRef _monitor;
    private readonly List<(Alert Alert, ProcessMatched Told)> _raised = [];
    private long _barrier;
    private int _copies;
    private bool _isToFlush;

    /// <param name="state">What outlives the actor.</param>
    /// <param name="sources">How many edges lead here, each of which brings its own copy of a barrier.</param>
    /// <param name="alerts">Gets the alerts.</param>
    /// <param name="monitor">Gets the ledger's reports and notices.</param>
    public CorrelationActor(CorrelationState state, int sources, IActorRef alerts, IActorRef monitor)
    {
        _state = state;
        _sources = sources;
        _alerts = alerts;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public void OnFired(CorrelationFiring firing, in EventView view)
    {
        var rule = firing.Rule;
        var alert = _state.Builder.Build(rule.Alert, view, firing.ToAlert());
        _raised.Add((alert, new ProcessMatched(view.Record.Key, rule.Id, rule.Title, alert.Id.ToString(), view.Record.TimeNs)));
    }

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _state.SaveInterval, _state.SaveInterval);
        SayTrouble();
    }

    protected override void PostStop() => _state.Save();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RuleMatched matched:
                Hear(matched);
                break;
            case Barrier barrier:
                OnBarrier(barrier);
                break;
            case Flush:
                _isToFlush = false;
                _state.Flush();
                break;
            case Tick:
                if (_state.Time.GetElapsedTime(_state.Began) > LongestReturn) _state.Engine.ForgetEarlierRun();
                _state.Engine.Expire(Now());
                _state.Save();
                SayTrouble();
                break;
            case SwapRules swap:
                _state.Swap(swap.Correlations, swap.Generation);
                swap.Asker.Tell(new RulesSwapped(swap.Generation, Self), Self);
                break;
            case RetireRules retire when retire.Generation == _state.Generation:
                _state.Engine.Retire();
                break;
            case RetireRules:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Hear(RuleMatched matched)
    {
        matched.Begin();
        _state.Stage.Enter(1);
        try
        {
            var view = matched.View;
            var now = Now();
            var time = view.Record.TimeNs == 0 ? now : (long)view.Record.TimeNs + view.Source.ClockOffsetNs;
            _state.Engine.Hear(matched.Rule, view, time > now + FutureNs ? now : time, matched.Id, this);
            _state.Hold(matched.Batch);
            Tell(matched.Batch);
        }
        catch
        {
            _state.Stage.Leave(CorrelationState.Failed, 1);
            _state.Renew();
            _monitor.Tell(new Notice("correlation-renewed", "The correlations began anew", AlertLevel.High,
                $"a match of the rule {matched.Rule} made the correlations fail; what they had counted until then is forgotten",
                [new("rule-id", matched.Rule.Id), new("rule-name", matched.Rule.Title)]), Self);
            throw;
        }

        _state.Stage.Leave(CorrelationState.Evaluated, 1);
        matched.End();
    }

    /// <summary>
    /// What groups took is in the journal before an alert of it can be in the outbox, and before its event can be done with: after a kill
    /// either the match is known, or it comes again. Matches that wait in the mailbox share one write.
    /// </summary>
    private void Tell(EventBatch batch)
    {
        if (_raised.Count > 0 || _state.IsFarBehind)
        {
            _state.Flush();
        }
        else if (_state.IsBehind && !_isToFlush)
        {
            _isToFlush = true;
            Self.Tell(Flush.Instance, Self);
        }

        foreach (var (alert, told) in _raised)
        {
            _alerts.Tell(AlertRaised.Raise(alert, batch, _state.Edge), Self);
            _state.Stories.Tell(told);
        }

        _raised.Clear();
    }

    /// <summary>Reports each edge as its copy arrives; when the last is in, the stage, and sends the mark on.</summary>
    private void OnBarrier(Barrier barrier)
    {
        _monitor.Tell(LedgerReport.At(barrier), Self);
        if (barrier.Number != _barrier) _copies = 0;
        _barrier = barrier.Number;
        if (++_copies < _sources) return;
        _copies = 0;
        _monitor.Tell(LedgerReport.At(barrier.Number, _state.Stage, 0), Self);
        _alerts.Tell(new Barrier(barrier.Number, _state.Edge, _state.Edge.Given), Self);
    }

    private long Now() => (_state.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void SayTrouble()
    {
        if (_state.Trouble is not { } trouble) return;
        _state.Trouble = null;
        _monitor.Tell(
            new Notice("correlation-state", "The memory of the correlations is incomplete", AlertLevel.Medium, trouble, []), Self);
    }

    private sealed record Flush
    {
        public static Flush Instance { get; } = new();
    }

    private sealed record Tick
    {
        public static Tick Instance { get; } = new();
    }
}
