using System.Collections.Concurrent;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Spec.Alerts;
using Picket.Spec.Journal;
using static Picket.Spec.Sigma.Correlation.CorrelationText;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>The actor of the correlations with a disk: in what order it writes, tells and lets go, and what it does at each kind of message.</summary>
public sealed class CorrelationActorDiskSpec : IDisposable, IBatchOwner
{
    private const string Folder = "/data/correlation";
    private const string StateFile = "/data/correlation.state";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);
    private static readonly EventSource Source = new("test", "", null, 0);

    private readonly ActorSystem _system = ActorSystem.Create("correlation-disk");
    private readonly ManualClock _clock = new();
    private readonly FaultyFileSpace _files = new();
    private readonly LedgerEdge _edge = new("shard-0->correlation");
    private readonly ProcessStories _stories = new();
    private readonly ConcurrentQueue<long> _completed = new();
    private readonly ConcurrentQueue<object> _told = new();
    private readonly ConcurrentQueue<long> _alerted = new();
    private readonly SigmaRuleSet _set =
        Load(Document("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 2}"),
            Document("type: event_count\nrules: [b]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 2}"));

    private readonly FailingClock _builderClock = new();
    private CorrelationJournal _journal = null!;
    private CorrelationState _state = null!;
    private IActorRef _actor = null!;
    private ulong _sequence;

    public void Dispose()
    {
        Assert.True(_system.Terminate().Wait(Patience), "waited 30 s for the actor system to end");
        _journal.Dispose();
    }

    void IBatchOwner.OnCompleted(EventBatch batch) => _completed.Enqueue(_journal.End);

    /// <summary>After a kill a match is known, or its source brings it again.</summary>
    [Fact]
    public void An_event_is_done_with_when_the_journal_has_what_groups_took_of_it()
    {
        Start(Never);
        for (var number = 1; number <= 3; number++)
        {
            var before = _journal.End;
            Tell("a", $"group {number}");

            Assert.True(_completed.TryDequeue(out var end));
            Assert.True(end > before, $"match {number} was let go while the journal did not have it");
        }
    }

    [Fact]
    public void An_alert_is_told_when_the_journal_has_what_its_group_took()
    {
        Start(Never);
        Tell("a", "x");
        var before = _journal.End;
        Tell("a", "x");

        Assert.True(Assert.Single(_alerted) > before, "the alert was told before its match was written");
    }

    [Fact]
    public void The_story_of_the_process_has_the_firing()
    {
        Start(Never);
        _stories.Listener = new Ear(_told.Enqueue);
        Tell("a", "x");
        Tell("a", "x");

        var matched = Assert.Single(_told.OfType<ProcessMatched>());
        Assert.Equal(Assert.Single(_told.OfType<AlertRaised>()).Alert.Id.ToString(), matched.AlertId);
    }

    [Fact]
    public async Task What_groups_hold_is_written_when_the_actor_stops()
    {
        Start(Never);
        Tell("a", "x");
        Assert.Equal(0, Saved());

        await _system.Terminate().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(1, Saved());
    }

    [Fact]
    public void At_each_tick_what_groups_hold_is_written_and_what_is_old_is_forgotten()
    {
        Start(Often);
        Tell("a", "x");
        Wait(() => Saved() == 1, "a tick has written the group");
        Assert.Equal(1, _state.Engine.Groups);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Wait(() => _state.Engine.Groups == 0, "a tick has ended the group");
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(180, 1)]
    public void What_an_earlier_run_took_is_known_for_two_minutes(int seconds, int duplicates)
    {
        Open(Never);
        var began = _clock.GetUtcNow();
        EventBatch Again() => Batch("a", "x", began, Source, sequence: 1);
        var batch = Again();
        _state.Engine.Hear(RuleOf("a"), batch.View(0), Ns(began), AlertIds.OfEvent(batch.View(0)), new Deaf());
        _state.Flush();
        _files.Kill();
        _journal.Dispose();
        Start(Often);

        Give("a", Again());
        Assert.Equal((0L, 1L), (_state.Engine.Counts.Taken, _state.Engine.Counts.Duplicates));

        _clock.Advance(TimeSpan.FromSeconds(seconds));
        Wait(() => _state.Engine.Groups == 0, "a tick has ended the group");
        Give("a", Again());

        Assert.Equal((2L - duplicates, (long)duplicates), (_state.Engine.Counts.Taken, _state.Engine.Counts.Duplicates));
    }

    /// <summary>The match fails with half of its alerts made, as with half of its groups told.</summary>
    [Fact]
    public void Where_a_match_makes_the_engine_fail_it_is_counted_it_is_said_and_correlations_begin_anew()
    {
        Start(Never);
        Tell("b", "old");
        Tell("a", "z");
        _builderClock.Fails = true;
        Tell("a", "z", isTaken: false);
        _builderClock.Fails = false;

        Assert.Equal((1L, 1L), (_edge.Failed, _state.Stage.LeftBy(CorrelationState.Failed)));
        Assert.Equal("correlation-renewed", Assert.Single(_told.OfType<Notice>()).Name);
        Assert.Equal((0, 0), (_state.Engine.Groups, Saved()));
        Assert.Empty(_alerted);
        Assert.Equal(3, _completed.Count);

        // What comes next counts, fires, and is not lost at a kill.
        Tell("a", "x");
        Tell("a", "x");
        Tell("b", "y");
        Assert.Single(_alerted);
        Assert.False(_state.IsBehind, "an event is held that nothing will let go");
        _files.Kill();
        _journal.Dispose();
        Open(Never);
        Assert.Equal(2, _state.Engine.Groups);
    }

    [Fact]
    public void A_barrier_goes_on_when_its_copy_of_each_shard_is_there()
    {
        Start(Never, sources: 2);
        var other = new LedgerEdge("shard-1->correlation");
        Tell("a", "x");
        Tell("a", "x");

        _actor.Tell(new Barrier(1, _edge, _edge.Given), null);
        Swap([.. _set.Correlations], 1);
        Assert.Equal([_edge.Name], _told.OfType<LedgerReport>().Select(report => report.Line));
        Assert.Empty(_told.OfType<Barrier>());

        // The second copy of the first is lost with its shard.
        _actor.Tell(new Barrier(2, _edge, _edge.Given), null);
        Swap([.. _set.Correlations], 2);
        Assert.Empty(_told.OfType<Barrier>());
        _actor.Tell(new Barrier(2, other, other.Given), null);
        Swap([.. _set.Correlations], 3);

        Assert.Equal([_edge.Name, _edge.Name, other.Name, "correlation"], _told.OfType<LedgerReport>().Select(report => report.Line));
        Assert.All(_told.OfType<LedgerReport>(), report => Assert.Equal(report.In, report.Out));
        Assert.Equal([new Barrier(2, _state.Edge, 1)], _told.OfType<Barrier>());
    }

    [Fact]
    public void What_only_the_set_before_could_need_is_given_up_when_the_set_in_force_is_told_to_be()
    {
        Start(Never);
        Tell("a", "x");
        Swap([], 1);
        Swap([], 2);
        Assert.Equal(0, _state.Engine.Rules);
        Swap([.. _set.Correlations], 3);
        Tell("a", "x");
        Swap([], 4);
        Assert.True(_state.Engine.BytesInUse > 0, "the groups of the set before are gone though its matches may follow");

        _actor.Tell(new RetireRules(3), null);
        Swap([], 4);
        Assert.True(_state.Engine.BytesInUse > 0, "what is told of the set before counts for the one in force");
        _actor.Tell(new RetireRules(4), null);
        Swap([], 4);
        Assert.Equal(0, _state.Engine.BytesInUse);
    }

    [Fact]
    public void After_a_new_set_a_failure_begins_anew_with_that_one()
    {
        Start(Never);
        Swap([_set.Correlations[0]], 1);
        Tell("a", "x");
        _builderClock.Fails = true;
        Tell("a", "x", isTaken: false);

        Assert.Equal(1, _state.Engine.Rules);
    }

    [Fact]
    public void The_time_of_a_match_is_that_of_its_sources_clock_and_now_where_it_has_none()
    {
        Start(Never);
        var boot = _clock.GetUtcNow() - TimeSpan.FromDays(3);
        Tell("a", "x");
        Give("a", Batch("a", "x", DateTimeOffset.UnixEpoch + TimeSpan.FromDays(3), Source with { ClockOffsetNs = Ns(boot) }));
        Assert.Single(_alerted);

        Tell("b", "x");
        Give("b", Batch("b", "x", DateTimeOffset.UnixEpoch, Source));
        Assert.Equal(2, _alerted.Count);
    }

    private static long Ns(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private static void Wait(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), $"waited 30 s until {what}");

    private SigmaRule RuleOf(string name) => _set.Rules.Single(rule => rule.Name == name);

    private void Open(TimeSpan saves)
    {
        _journal = CorrelationJournal.Open(_files, Folder, 64L << 20, _clock);
        _state = new CorrelationState(_set.Correlations, new CorrelationOptions(), new CorrelationFile(_files, StateFile), _journal, _ => false,
            new AlertBuilder(Samples.Options, _builderClock), _stories, _clock)
        {
            SaveInterval = saves,
        };
    }

    private void Start(TimeSpan saves, int sources = 1)
    {
        Open(saves);

        // Told on the actor's own thread: what it has written by then is what it wrote before.
        var alerts = new Ear(message =>
        {
            _told.Enqueue(message);
            if (message is not AlertRaised raised) return;
            _alerted.Enqueue(_journal.End);
            raised.Begin();
            raised.End();
            raised.Release();
        });
        _actor = _system.ActorOf(Props.CreateFrom(() => new CorrelationActor(_state, sources, alerts, new Ear(_told.Enqueue))), "correlation");
    }

    /// <summary>Swaps the rules; when this returns all that was told before is handled.</summary>
    private void Swap(IReadOnlyList<CorrelationRule> rules, long generation)
    {
        var answers = new ConcurrentQueue<object>();
        _actor.Tell(new SwapRules(generation, [], rules, new Ear(answers.Enqueue)), null);
        Wait(() => !answers.IsEmpty, "the swap was answered");
        Assert.Equal(new RulesSwapped(generation, _actor), answers.Single());
    }

    /// <summary>Groups in the snapshot on the disk.</summary>
    private int Saved()
    {
        var bytes = new CorrelationFile(_files, StateFile).Load()!;
        CorrelationEngine.Restore(_set.Correlations, null, bytes.AsSpan(20), out var groups);
        return groups;
    }

    private void Tell(string rule, string group, bool isTaken = true) => Give(rule, Batch(rule, group, _clock.GetUtcNow(), Source), isTaken);

    /// <summary>A match, which the actor has handled and let go when this returns.</summary>
    private void Give(string rule, EventBatch batch, bool isTaken = true)
    {
        var (handled, completed) = (_edge.Taken + _edge.Failed, _completed.Count);
        _actor.Tell(RuleMatched.Raise(RuleOf(rule), batch.View(0), _edge), null);
        batch.LetGo();
        Wait(() => _edge.Taken + _edge.Failed > handled && _completed.Count > completed, $"the match of {rule} was handled and let go");
        if (!isTaken) Assert.Equal(1, _edge.Failed);
    }

    private EventBatch Batch(string rule, string group, DateTimeOffset time, EventSource source, ulong sequence = 0)
    {
        var batch = new EventBatch(1, 1 << 12);
        batch.Begin(source, this);
        ref var record = ref batch.Add(EventKind.Unknown);
        record.TimeNs = (ulong)Ns(time);
        record.Sequence = sequence > 0 ? sequence : ++_sequence;
        batch.AddText(FieldTable.Intern("G"), System.Text.Encoding.UTF8.GetBytes(group));
        batch.AddText(FieldTable.Intern("Kind"), System.Text.Encoding.UTF8.GetBytes(rule));
        return batch;
    }

    private sealed class FailingClock : TimeProvider
    {
        private volatile bool _fails;

        public bool Fails { set => _fails = value; }

        public override DateTimeOffset GetUtcNow() => _fails ? throw new InvalidOperationException("the clock fails") : DateTimeOffset.UnixEpoch;
    }

    private sealed class Deaf : ICorrelationSink
    {
        public void OnFired(CorrelationFiring firing, in EventView view)
        {
        }
    }

    /// <summary>Hears on the thread of whoever tells.</summary>
    private sealed class Ear(Action<object> hear) : IActorRef
    {
        public ActorPath Path => throw new NotSupportedException();

        public void Tell(object message, IActorRef? sender) => hear(message);

        public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => 1;

        public int CompareTo(IActorRef? other) => ReferenceEquals(this, other) ? 0 : 1;

        public int CompareTo(object? obj) => ReferenceEquals(this, obj) ? 0 : 1;
    }
}
