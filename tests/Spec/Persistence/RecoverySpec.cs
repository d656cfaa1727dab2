using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>From a new instance to its first command.</summary>
public sealed class RecoverySpec : PersistenceSpec
{
    private static readonly string[] History = ["1", "2", "3", "4", "5", "6"];

    public RecoverySpec() : base(options => options with { MaxConcurrentRecoveries = 2 })
    {
    }

    [Fact]
    public async Task A_snapshot_then_the_events_after_it_then_RecoveryCompleted_then_commands()
    {
        await Snapshots.Inner.SaveAsync(new SnapshotMetadata("a", 4, DateTime.UnixEpoch), new object[] { "1", "2", "3", "4" }, CancellationToken.None);
        PlantHistory();
        var probe = NewProbe();
        var actor = Spawn(probe, set: a => a.OnReplayed = (self, message) => Assert.Equal(message is RecoveryCompleted, self.IsRecoveryFinished));
        actor.Tell("state");
        foreach (var e in (string[])["offered 4", "replayed 5", "replayed 6", "recovered"]) probe.Expect(e);
        Assert.Equal(History, probe.Expect<object[]>());
        actor.Tell(Run(a => a.Say($"{a.LastSequenceNr} {a.SnapshotSequenceNr} {a.IsRecovering}")));
        probe.Expect("6 6 False");
    }

    [Fact]
    public async Task Recovery_says_from_which_snapshot_to_which_event_and_how_many()
    {
        await Snapshots.Inner.SaveAsync(new SnapshotMetadata("a", 2, DateTime.UnixEpoch), new object[] { "1", "2" }, CancellationToken.None);
        await Snapshots.Inner.SaveAsync(new SnapshotMetadata("a", 4, DateTime.UnixEpoch), new object[] { "1", "2", "3", "4" }, CancellationToken.None);
        PlantHistory();
        await Recovers(new Recovery(SnapshotSelectionCriteria.None), ["1", "2", "3", "4", "5", "6"]);
        await Recovers(new Recovery(new SnapshotSelectionCriteria(3)), ["offered 2", "3", "4", "5", "6"]);
        await Recovers(new Recovery(SnapshotSelectionCriteria.Latest, 3), ["offered 2", "3"]);
        await Recovers(new Recovery(SnapshotSelectionCriteria.Latest, 4), ["offered 4"]);
        await Recovers(new Recovery(SnapshotSelectionCriteria.None, long.MaxValue, 2), ["1", "2"]);
        await Recovers(new Recovery(SnapshotSelectionCriteria.None, 5, 9), ["1", "2", "3", "4", "5"]);
        var loads = Snapshots.Loads;
        await Recovers(Recovery.None, []);
        Assert.Equal(loads, Snapshots.Loads);
    }

    [Fact]
    public void After_Recovery_None_numbers_follow_those_of_the_old_events()
    {
        PlantHistory();
        var probe = NewProbe();
        var actor = Spawn(probe, set: a => a.RecoverBy = Recovery.None);
        actor.Tell(Keep("7"));
        probe.Expect("recovered");
        probe.Expect<object>("7");
        Assert.Equal(7, Journal.Events("a")[^1].SequenceNr);
    }

    [Fact]
    public void RecoveryCompleted_may_persist_and_commands_wait_for_it()
    {
        var probe = NewProbe();
        Journal.Hold();
        var actor = Spawn(probe, set: a => a.OnReplayed = (self, message) =>
        {
            if (message is RecoveryCompleted) self.Persist("first", self.Applied);
        });
        actor.Tell("command");
        probe.Expect("recovered");
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        probe.ExpectNothing();
        Journal.LetAllPass();
        probe.Expect<object>("first");
        probe.Expect<object>("command");
    }

    [Fact]
    public async Task A_snapshot_that_nobody_takes_is_unhandled_and_its_events_are_replayed()
    {
        await Snapshots.Inner.SaveAsync(new SnapshotMetadata("picky", 1, DateTime.UnixEpoch), "state", CancellationToken.None);
        Journal.Plant("picky", new Persistent("1", 1), new Persistent("2", 2));
        var unhandled = Listen<UnhandledMessage>();
        var probe = NewProbe();
        Spawn(() => new Picky(probe.Ref));
        Assert.IsType<SnapshotOffer>(unhandled.Expect<UnhandledMessage>().Message);
        probe.Expect("1");
        probe.Expect("2");
    }

    [Fact]
    public void An_event_that_cannot_be_applied_stops_the_actor()
    {
        PlantHistory();
        var probe = NewProbe();
        var failure = new InvalidOperationException("boom");
        var actor = Spawn(probe, set: a => a.OnReplayed = (_, message) =>
        {
            if (message is "3") throw failure;
        });
        actor.Tell("command");
        probe.Expect("replayed 1");
        probe.Expect("replayed 2");
        Assert.Equal(new RecoveryTrouble(failure, "3"), probe.Expect<RecoveryTrouble>());
        probe.Expect("stopped");
        Probe.Await(() => actor.WatchAsync().IsCompleted, "the actor ended");
        probe.ExpectNothing();
    }

    [Fact]
    public void A_journal_that_fails_in_a_replay_stops_the_actor()
    {
        PlantHistory();
        var failure = new JournalException("disk");
        Journal.OnReplay = (e, _) => e.SequenceNr == 4 ? Task.FromException<Persistent>(failure) : Task.FromResult(e);
        var probe = NewProbe();
        Spawn(probe);
        Assert.Same(failure, probe.Fish<RecoveryTrouble>().Reason);
        probe.Expect("stopped");
    }

    [Fact]
    public void A_snapshot_store_that_fails_stops_the_actor()
    {
        Snapshots.Failure = new JournalException("disk");
        var probe = NewProbe();
        Spawn(probe);
        Assert.Same(Snapshots.Failure, probe.Expect<RecoveryTrouble>().Reason);
        probe.Expect("stopped");
    }

    [Fact]
    public void A_gap_that_a_store_lets_pass_is_refused()
    {
        PlantHistory();
        Journal.OnReplay = (e, _) => Task.FromResult(e.SequenceNr > 3 ? e with { SequenceNr = e.SequenceNr + 1 } : e);
        var probe = NewProbe();
        Spawn(probe);
        var gap = Assert.IsType<JournalCorruptException>(probe.Fish<RecoveryTrouble>().Reason);
        Assert.Equal(("a", 4L), (gap.PersistenceId, gap.SequenceNr));
        probe.Expect("stopped");
    }

    [Fact]
    public void A_history_that_ends_before_the_highest_number_is_refused()
    {
        PlantHistory();
        Journal.OnReplay = (e, _) => Task.FromResult(e);
        Journal.EndsReplayAfter = 4;
        var probe = NewProbe();
        Spawn(probe);
        Assert.Equal(5, Assert.IsType<JournalCorruptException>(probe.Fish<RecoveryTrouble>().Reason).SequenceNr);
        probe.Expect("stopped");
    }

    [Fact]
    public void An_event_of_another_id_is_refused()
    {
        PlantHistory();
        Journal.OnReplay = (e, _) => Task.FromResult(e with { PersistenceId = "b" });
        var probe = NewProbe();
        Spawn(probe);
        Assert.IsType<JournalCorruptException>(probe.Fish<RecoveryTrouble>().Reason);
    }

    [Fact]
    public void A_long_history_waits_in_the_journal_and_not_in_the_mailbox()
    {
        const int Length = 20_000;
        for (var i = 1; i <= Length; i++) Journal.Plant("a", new Persistent(i, i));
        var read = 0;
        Journal.OnReplay = (e, _) =>
        {
            Interlocked.Increment(ref read);
            return Task.FromResult(e);
        };
        using var gate = new ManualResetEventSlim();
        var applied = 0;
        var most = 0;
        var probe = NewProbe();
        var actor = Spawn(probe, set: a =>
        {
            a.Tells = false;
            a.OnReplayed = (_, message) =>
            {
                if (message is 1) gate.Wait(TimeSpan.FromSeconds(20));
                if (message is int) most = Math.Max(most, Volatile.Read(ref read) - ++applied);
            };
        });
        Probe.Await(() => Volatile.Read(ref read) > 200, "the reader is ahead");
        gate.Set();
        actor.Tell(Run(a => a.To.Tell(a.State.Count)));
        probe.Expect(Length);
        Assert.True(most <= 128 * 4, $"the reader was {most} events ahead");
    }

    [Fact]
    public void No_more_actors_recover_at_once_than_are_permitted()
    {
        for (var i = 0; i < 6; i++) Journal.Plant($"a{i}", new Persistent("1", 1));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var now = 0;
        var most = 0;
        Journal.OnReplay = async (e, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await gate.Task;
            Interlocked.Decrement(ref now);
            return e;
        };
        var probe = NewProbe();
        var actors = Enumerable.Range(0, 6).Select(i => Spawn(probe, $"a{i}")).ToArray();
        Probe.Await(() => Volatile.Read(ref now) == 2, "two recover");
        Sys.Stop(actors[5]);
        gate.SetResult();
        for (var i = 0; i < 5; i++) probe.Fish<string>(text => text == "recovered" || (text == "stopped" && actors[5].WatchAsync().Wait(20_000)));
        Probe.Await(() => Volatile.Read(ref now) == 0, "all recovered");
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task An_actor_that_ends_while_it_recovers_gives_its_place_on_and_ends_its_reading()
    {
        PlantHistory();
        Journal.Plant("b", new Persistent("1", 1));
        var began = 0;
        var ended = 0;
        Journal.OnReplay = async (e, cancellation) =>
        {
            Interlocked.Increment(ref began);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }

            return e;
        };
        var probe = NewProbe();
        IActorRef[] recovering = [Spawn(probe), Spawn(probe, "b")];
        Probe.Await(() => Volatile.Read(ref began) == 2, "two recover");
        Spawn(probe, "c");
        foreach (var actor in recovering) await Stop(actor);
        probe.Fish<string>(text => text == "recovered");
        Probe.Await(() => Volatile.Read(ref ended) == 2, "both readings ended");
    }

    [Fact]
    public void A_restart_while_a_write_is_under_way_replays_what_it_stores()
    {
        var probe = NewProbe();
        var actor = Spawn(probe);
        probe.Expect("recovered");
        Journal.Hold();
        actor.Tell(KeepAsync("1"));
        Probe.Await(() => Journal.Calls.Length == 1, "the write began");
        actor.Tell(KeepAsync("gathered, and lost with its incarnation"));
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell(Keep("2"));
        probe.Expect<string>();
        probe.ExpectNothing();
        Journal.LetAllPass();
        foreach (var e in (string[])["replayed 1", "recovered", "2"]) probe.Expect<object>(e);
        Assert.Equal(["1", "2"], Journal.Stored("a"));
        Assert.Equal(2, Journal.Events("a").Select(e => e.WriterGuid).Distinct().Count());
    }

    [Fact]
    public async Task Another_system_over_the_same_journal_recovers_what_this_one_wrote()
    {
        var probe = NewProbe();
        var actor = Spawn(probe);
        foreach (var e in History) actor.Tell(KeepAsync(e));
        actor.Tell(Run(a => a.DeferAsync("done", a.Say)));
        probe.Fish<string>(text => text == "done");
        await Restart();
        var later = NewProbe();
        Spawn(later).Tell("state");
        Assert.Equal(History, later.Fish<object[]>());
    }

    [Fact]
    public void An_actor_without_persistence_id_is_not_born()
    {
        var probe = NewProbe();
        var actor = Spawn(probe, id: null!);
        Probe.Await(() => actor.WatchAsync().IsCompleted, "the actor ended");
        probe.ExpectNothing();
    }

    [Fact]
    public void PreStart_that_throws_leaves_no_permit_behind()
    {
        for (var i = 0; i < 3; i++)
        {
            var stillborn = Spawn(() => new Stillborn());
            Probe.Await(() => stillborn.WatchAsync().IsCompleted, "the actor ended");
        }

        var probe = NewProbe();
        Spawn(probe);
        probe.Expect("recovered");
    }

    private static void InterlockedMax(ref int at, int value)
    {
        var seen = Volatile.Read(ref at);
        while (seen < value && Interlocked.CompareExchange(ref at, value, seen) is var now && now != seen) seen = now;
    }

    private void PlantHistory() => Journal.Plant("a", [.. History.Select((e, i) => new Persistent(e, i + 1, writerGuid: "w"))]);

    private async Task Recovers(Recovery recovery, string[] messages)
    {
        var probe = NewProbe();
        var actor = Spawn(probe, set: a => a.RecoverBy = recovery);
        foreach (var message in messages) probe.Expect(message.StartsWith("offered", StringComparison.Ordinal) ? message : $"replayed {message}");
        probe.Expect("recovered");
        await Stop(actor);
    }

    private sealed class Picky : ReceivePersistentActor
    {
        public Picky(IActorRef to) => Recover<string>(to.Tell);

        public override string PersistenceId => "picky";
    }

    private sealed class Stillborn : PersistentActor
    {
        public override string PersistenceId => "stillborn";

        protected override void PreStart() => throw new InvalidOperationException("boom");

        protected override bool ReceiveCommand(object message) => false;

        protected override bool ReceiveRecover(object message) => false;
    }
}
