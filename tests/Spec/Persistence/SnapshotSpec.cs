using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>Snapshots, and deleting them and events.</summary>
public sealed class SnapshotSpec : PersistenceSpec
{
    [Fact]
    public async Task A_snapshot_is_saved_under_the_last_number_and_recovery_begins_from_it()
    {
        var probe = Written(3, out var actor);
        actor.Tell(Run(a => a.SaveSnapshot(a.State.ToArray())));
        var saved = probe.Expect<SaveSnapshotSuccess>().Metadata;
        Assert.Equal(("a", 3L), (saved.PersistenceId, saved.SequenceNr));
        Assert.Equal(DateTimeKind.Utc, saved.Timestamp.Kind);
        actor.Tell(Keep("4"));
        probe.Expect<object>("4");
        await Restart();
        var later = NewProbe();
        Spawn(later).Tell("state");
        foreach (var e in (string[])["offered 3", "replayed 4", "recovered"]) later.Expect(e);
        Assert.Equal(["1", "2", "3", "4"], later.Expect<object[]>());
    }

    [Fact]
    public void Answers_wait_for_a_Persist_as_commands_do()
    {
        var probe = Written(1, out var actor);
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.SaveSnapshot("state");
            a.Persist("2", a.Applied);
        }));
        Probe.Await(() => Snapshots.Inner.LoadAsync("a", SnapshotSelectionCriteria.Latest, CancellationToken.None).Result is not null, "the snapshot was saved");
        probe.ExpectNothing();
        Journal.LetAllPass();
        probe.Expect<object>("2");
        Assert.Equal(1, probe.Expect<SaveSnapshotSuccess>().Metadata.SequenceNr);
    }

    [Fact]
    public void What_the_store_cannot_do_is_told_and_the_actor_goes_on()
    {
        var probe = Written(1, out var actor);
        var failure = Snapshots.Failure = new JournalException("disk");
        var criteria = new SnapshotSelectionCriteria(5);
        actor.Tell(Run(a => a.SaveSnapshot("state")));
        Assert.Same(failure, probe.Expect<SaveSnapshotFailure>().Cause);
        actor.Tell(Run(a => a.DeleteSnapshot(1)));
        Assert.Equal(new DeleteSnapshotFailure(new SnapshotMetadata("a", 1), failure), probe.Expect<DeleteSnapshotFailure>());
        actor.Tell(Run(a => a.DeleteSnapshots(criteria)));
        Assert.Equal(new DeleteSnapshotsFailure(criteria, failure), probe.Expect<DeleteSnapshotsFailure>());
        Journal.BeforeDelete = () => throw failure;
        actor.Tell(Run(a => a.DeleteMessages(1)));
        Assert.Equal(new DeleteMessagesFailure(failure, 1), probe.Expect<DeleteMessagesFailure>());
        actor.Tell("command");
        probe.Expect<object>("command");
    }

    [Fact]
    public void A_failure_that_nobody_handles_is_a_warning()
    {
        var warnings = Listen<Warning>();
        var actor = Spawn(() => new Deaf());
        Journal.BeforeDelete = () => throw new JournalException("disk");
        actor.Tell("delete");
        Assert.Contains("[deaf]", warnings.Expect<Warning>().Message!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_are_deleted_by_number_and_by_criteria()
    {
        var probe = Written(1, out var actor);
        for (var i = 2; i <= 4; i++)
        {
            actor.Tell(Run(a => a.SaveSnapshot($"{a.LastSequenceNr}")));
            probe.Expect<SaveSnapshotSuccess>();
            actor.Tell(Keep($"{i}"));
            probe.Expect<object>($"{i}");
        }

        actor.Tell(Run(a => a.DeleteSnapshot(3)));
        Assert.Equal(3, probe.Expect<DeleteSnapshotSuccess>().Metadata.SequenceNr);
        Assert.Equal(2, Latest());
        actor.Tell(Run(a => a.DeleteSnapshots(SnapshotSelectionCriteria.Latest)));
        Assert.Equal(SnapshotSelectionCriteria.Latest, probe.Expect<DeleteSnapshotsSuccess>().Criteria);
        Assert.Null(Latest());
    }

    [Fact]
    public async Task Events_are_deleted_up_to_a_number_and_numbers_go_on()
    {
        var probe = Written(5, out var actor);
        actor.Tell(Run(a => a.DeleteMessages(3)));
        Assert.Equal(new DeleteMessagesSuccess(3), probe.Expect<DeleteMessagesSuccess>());
        Assert.Equal(["4", "5"], Journal.Stored("a"));

        // All there are, and none of those to come.
        Journal.Hold();
        actor.Tell(Run(a =>
        {
            a.PersistAsync("6", a.Applied);
            a.DeleteMessages(long.MaxValue);
        }));
        Probe.Await(() => Journal.Calls.Length == 6, "the write began");
        Journal.LetAllPass();
        object[] both = [probe.Expect<object>(), probe.Expect<object>()];
        Assert.Contains(new DeleteMessagesSuccess(long.MaxValue), both);
        Assert.Equal(["6"], Journal.Stored("a"));
        await Stop(actor);
        probe.Expect("stopped");
        Spawn(probe).Tell(Keep("7"));
        foreach (var e in (string[])["replayed 6", "recovered", "7"]) probe.Expect<object>(e);
        Assert.Equal([6L, 7L], Journal.Events("a").Select(e => e.SequenceNr));
    }

    [Fact]
    public async Task Numbers_go_on_after_a_snapshot_even_where_the_journal_has_lost_its_events()
    {
        await Snapshots.Inner.SaveAsync(new SnapshotMetadata("a", 10, DateTime.UnixEpoch), new object[] { "state" }, CancellationToken.None);
        var probe = NewProbe();
        var actor = Spawn(probe);
        actor.Tell(Keep("11"));
        foreach (var e in (string[])["offered 10", "recovered", "11"]) probe.Expect<object>(e);
        await Stop(actor);
        probe.Expect("stopped");
        Spawn(probe);
        foreach (var e in (string[])["offered 10", "replayed 11", "recovered"]) probe.Expect(e);
    }

    private long? Latest() => Snapshots.Inner.LoadAsync("a", SnapshotSelectionCriteria.Latest, CancellationToken.None).Result?.Metadata.SequenceNr;

    private Probe Written(int events, out IActorRef actor)
    {
        var probe = NewProbe();
        actor = Spawn(probe);
        probe.Expect("recovered");
        for (var i = 1; i <= events; i++)
        {
            actor.Tell(Keep($"{i}"));
            probe.Expect<object>($"{i}");
        }

        return probe;
    }

    private sealed class Deaf : ReceivePersistentActor
    {
        public Deaf() => Command<string>(_ => DeleteMessages(1));

        public override string PersistenceId => "deaf";
    }
}
