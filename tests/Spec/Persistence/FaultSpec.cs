using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Spec.Kernel;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>Journals that fail, reject, are late, lose an answer or have another writer.</summary>
public sealed class FaultSpec : PersistenceSpec
{
    private readonly ManualTime _time;

    public FaultSpec() : this(new ManualTime())
    {
    }

    private FaultSpec(ManualTime time) : base(
        options => options with
        {
            CircuitBreaker = new CircuitBreakerOptions { MaxFailures = 3, CallTimeout = TimeSpan.FromSeconds(10), ResetTimeout = TimeSpan.FromSeconds(30) },
            MaxWriteEvents = 10,
        },
        time) => _time = time;

    [Fact]
    public void A_failed_write_stops_the_actor_and_calls_no_handler()
    {
        var probe = Recovered(out var actor);
        Journal.BeforeWrite = _ => throw new JournalException("disk");
        actor.Tell(Run(a =>
        {
            a.PersistAsync("1", a.Applied);
            a.DeferAsync("deferred", a.Say);
            a.PersistAsync("2", a.Applied);
        }));
        probe.Expect("failed 1 1");
        probe.Expect("stopped");
        Probe.Await(() => actor.WatchAsync().IsCompleted, "the actor ended");
        probe.ExpectNothing();
        Assert.Empty(Journal.Stored("a"));
    }

    [Fact]
    public void A_lost_answer_stops_the_actor_and_its_event_is_replayed()
    {
        var probe = Recovered(out var actor);
        Journal.AfterWrite = _ => throw new JournalException("connection");
        actor.Tell(Keep("1"));
        probe.Expect("failed 1 1");
        probe.Expect("stopped");
        Journal.AfterWrite = null;
        Spawn(probe).Tell(Keep("2"));
        foreach (var e in (string[])["replayed 1", "recovered", "2"]) probe.Expect<object>(e);
        Assert.Equal([1L, 2L], Journal.Events("a").Select(e => e.SequenceNr));
    }

    [Fact]
    public async Task A_rejected_event_is_told_the_actor_goes_on_and_recovers_without_a_gap()
    {
        var probe = Recovered(out var actor);
        Journal.Reject = payload => payload is "bad";
        actor.Tell(Run(a =>
        {
            a.Persist("1", a.Applied);
            a.Persist("bad", a.Applied);
            a.Persist("3", a.Applied);
            a.Defer("deferred", a.Say);
        }));
        actor.Tell("command");
        foreach (var e in (string[])["1", "rejected bad 2", "3", "deferred", "command"]) probe.Expect<object>(e);
        await Stop(actor);
        probe.Expect("stopped");
        Spawn(probe).Tell(Keep("4"));
        foreach (var e in (string[])["replayed 1", "replayed 3", "recovered", "4"]) probe.Expect<object>(e);
        Assert.Equal(4, Journal.Events("a")[^1].SequenceNr);
    }

    [Fact]
    public void Another_writer_of_the_same_id_stops_this_one_alone()
    {
        var probe = Recovered(out var actor);
        var other = NewProbe();
        var neighbour = Spawn(other, "b");
        other.Expect("recovered");
        Journal.Plant("a", new Persistent("theirs", 1));
        Journal.Hold();
        neighbour.Tell(Keep("holds the journal"));
        Probe.Await(() => Journal.Calls.Length == 1, "the first write began");
        actor.Tell(Run(a =>
        {
            a.PersistAsync("mine 1", a.Applied);
            a.PersistAsync("mine 2", a.Applied);
        }));
        neighbour.Tell(KeepAsync("in the same commit"));
        Journal.LetAllPass();
        probe.Expect("failed mine 1 1");
        probe.Expect("stopped");
        other.Expect<object>("holds the journal");
        other.Expect<object>("in the same commit");
        Assert.Equal(["theirs"], Journal.Stored("a"));
    }

    [Fact]
    public void What_gathers_during_a_write_goes_into_the_next_up_to_the_bound()
    {
        var probes = Enumerable.Range(0, 25).Select(_ => NewProbe()).ToArray();
        var actors = probes.Select((probe, i) => Spawn(probe, $"a{i}")).ToArray();
        foreach (var probe in probes) probe.Expect("recovered");
        Journal.Hold();
        actors[0].Tell(Keep("first"));
        Probe.Await(() => Journal.Calls.Length == 1, "the first write began");
        foreach (var actor in actors.Skip(1)) actor.Tell(Run(a =>
        {
            a.PersistAsync("x", a.Applied);
            a.PersistAsync("y", a.Applied);
            a.Say("sent");
        }));
        foreach (var probe in probes.Skip(1)) probe.Expect("sent");
        Assert.Single(Journal.Calls);

        // The word "sent" is said before the batch goes out; the state's answer comes after it.
        foreach (var (probe, actor) in probes.Zip(actors).Skip(1))
        {
            actor.Tell("state");
            probe.Expect<object[]>();
        }

        Journal.LetAllPass();
        foreach (var probe in probes.Skip(1))
        {
            probe.Expect<object>("x");
            probe.Expect<object>("y");
        }

        Assert.Equal([1, 10, 10, 10, 10, 8], Journal.Calls);
    }

    [Fact]
    public void A_write_larger_than_the_bound_is_not_divided()
    {
        var probe = Recovered(out var actor);
        actor.Tell(Run(a => a.PersistAll(Enumerable.Range(0, 25), e => a.Applied(e))));
        for (var i = 0; i < 25; i++) probe.Expect<object>(i);
        Assert.Equal([25], Journal.Calls);
    }

    [Fact]
    public void A_store_that_fails_again_and_again_is_left_alone_until_one_call_succeeds()
    {
        Journal.BeforeWrite = _ => throw new JournalException("disk");
        for (var i = 0; i < 3; i++) FailOnce();
        Assert.Equal(3, Journal.Calls.Length);
        FailOnce();
        Assert.Equal(3, Journal.Calls.Length);

        // After the time one call is let through; it fails, and the time begins again.
        _time.Advance(TimeSpan.FromSeconds(30));
        FailOnce();
        Assert.Equal(4, Journal.Calls.Length);
        FailOnce();
        Assert.Equal(4, Journal.Calls.Length);
        _time.Advance(TimeSpan.FromSeconds(30));
        Journal.BeforeWrite = null;
        var probe = Recovered(out var actor);
        actor.Tell(Keep("1"));
        probe.Expect<object>("1");
        actor.Tell(Keep("2"));
        probe.Expect<object>("2");

        void FailOnce()
        {
            var failing = Recovered(out var writer);
            writer.Tell(Keep("x"));
            failing.Expect("failed x 1");
        }
    }

    [Fact]
    public void A_late_store_fails_its_callers_and_nothing_of_theirs_is_replayed_before_it_has_ended()
    {
        var probe = Recovered(out var actor);
        var other = NewProbe();
        var neighbour = Spawn(other, "b");
        other.Expect("recovered");
        Journal.IgnoresCancellation = true;
        Journal.Hold();
        actor.Tell(Keep("late"));
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        _time.Advance(TimeSpan.FromSeconds(10));
        probe.Expect("failed late 1");
        probe.Expect("stopped");

        // Others are refused at once and do not wait for it.
        neighbour.Tell(Keep("refused"));
        other.Expect("failed refused 1");

        // The same id waits: what the store may still do must be seen.
        var again = NewProbe();
        Spawn(again);
        again.ExpectNothing();
        Journal.LetAllPass();
        again.Expect("replayed late");
        again.Expect("recovered");
        Assert.Single(Journal.Calls);
    }

    [Fact]
    public async Task The_end_of_the_system_stores_what_was_accepted_and_closes_the_stores()
    {
        var probe = Recovered(out var actor);
        Journal.Hold();
        actor.Tell(Keep("1"));
        Probe.Await(() => Journal.Calls.Length == 1, "the first write began");
        var other = NewProbe();
        Spawn(other, "b").Tell(Keep("2"));
        other.Expect("recovered");
        var third = Spawn(other, "b2");
        other.Expect("recovered");
        third.Tell(KeepAsync("3"));
        third.Tell("sent");
        other.Expect<object>("sent");
        var ended = Sys.Terminate();
        Probe.Await(() => actor.WatchAsync().IsCompleted, "the actor ended");
        Assert.Equal(0, Journal.Disposed);
        Journal.LetAllPass();
        await ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["1"], Journal.Stored("a"));
        Assert.Equal(["3"], Journal.Stored("b2"));
        Assert.Equal(1, Journal.Disposed);
    }

    [Fact]
    public void A_bounded_mailbox_does_not_refuse_the_journals_answers()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Props.CreateFrom(() => new ScriptedPersistent("a", probe.Ref)).WithMailbox(new Actors.Dispatch.BoundedMailbox(2)));
        probe.Expect("recovered");
        using var gate = new ManualResetEventSlim();
        actor.Tell(Run(a =>
        {
            for (var i = 0; i < 10; i++) a.PersistAsync(i, e => a.Applied(e));
        }));
        actor.Tell(Run(_ => gate.Wait(TimeSpan.FromSeconds(20))));
        Probe.Await(() => Journal.Stored("a").Length == 10, "the events were stored");
        gate.Set();
        for (var i = 0; i < 10; i++) probe.Expect<object>(i);
    }

    private Probe Recovered(out IActorRef actor)
    {
        var probe = NewProbe();
        actor = Spawn(probe);
        probe.Expect("recovered");
        return probe;
    }
}
