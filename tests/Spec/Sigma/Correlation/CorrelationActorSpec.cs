using System.Collections.Concurrent;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Spec.Alerts;
using Picket.Spec.Journal;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>The actor of the correlations with a clock that stands still.</summary>
public sealed class CorrelationActorSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("correlation-test");
    private readonly ConcurrentQueue<Alert> _alerts = new();
    private readonly ManualClock _clock = new();
    private readonly LedgerEdge _edge = new("shard-0->correlation");
    private readonly SigmaRuleSet _set =
        Load(Document("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 2}"));

    private readonly CorrelationState _state;
    private readonly IActorRef _actor;

    public CorrelationActorSpec()
    {
        _state = new CorrelationState(_set.Correlations, new CorrelationOptions(), null, null, _ => false, Samples.Builder(),
            new ProcessStories(), _clock)
        {
            SaveInterval = TimeSpan.FromHours(1),
        };
        var alerts = _system.ActorOf(Props.CreateFrom(() => new Collector(_alerts)), "alerts");
        _actor = _system.ActorOf(Props.CreateFrom(() => new CorrelationActor(_state, 1, alerts, alerts)), "correlation");
    }

    public void Dispose() => Assert.True(_system.Terminate().Wait(Patience), "waited 30 s for the actor system to end");

    /// <summary>A clock that is wrong for one event, or a record that is damaged, would make all others of its group late.</summary>
    [Fact]
    public void A_match_of_a_later_time_counts_as_of_now()
    {
        Tell("first", TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Tell("second", TimeSpan.Zero);

        Assert.True(SpinWait.SpinUntil(() => !_alerts.IsEmpty, Patience), "the alert of two matches within ten seconds did not come");
        Assert.Equal(0, _state.Engine.Counts.Late);
    }

    [Fact]
    public void A_match_that_is_ahead_by_what_clocks_differ_keeps_its_time()
    {
        Tell("first", TimeSpan.FromSeconds(50));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Tell("second", TimeSpan.Zero);
        Tell("third", TimeSpan.FromSeconds(51));

        Assert.True(SpinWait.SpinUntil(() => !_alerts.IsEmpty, Patience), "the alert of the first and the third match did not come");
    }

    /// <summary>What an actor that was restarted asks for again may be older than the set in force.</summary>
    [Fact]
    public void An_older_set_does_not_take_the_place_of_a_newer_one()
    {
        _state.Swap([], 2);
        _state.Swap(_set.Correlations, 1);
        _state.Swap(_set.Correlations, 2);

        Assert.Equal((0, 2L), (_state.Engine.Rules, _state.Generation));
    }

    /// <summary>A match so far ahead of the clock, which the actor has handled when this returns.</summary>
    private void Tell(string name, TimeSpan ahead)
    {
        var batch = SigmaEvents.Batch();
        batch.Add(EventKind.Unknown).TimeNs =
            (ulong)((_clock.GetUtcNow() + ahead - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        batch.AddText(FieldTable.Intern("G"), "x"u8);
        batch.AddText(FieldTable.Intern("Name"), System.Text.Encoding.UTF8.GetBytes(name));
        var handled = _edge.Taken + 1;
        _actor.Tell(RuleMatched.Raise(_set.Rules.Single(rule => rule.Name == "a"), batch.View(0), _edge));
        Assert.True(SpinWait.SpinUntil(() => _edge.Taken == handled, Patience), $"the match '{name}' was not handled");
    }

    private sealed class Collector(ConcurrentQueue<Alert> alerts) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is AlertRaised raised) alerts.Enqueue(raised.Alert);
        }
    }
}
