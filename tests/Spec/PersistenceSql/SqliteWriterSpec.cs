using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>The one writer: commits are shared, failures are not.</summary>
public sealed class SqliteWriterSpec : StoreFolderSpec
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Callers_that_come_while_the_disk_syncs_share_the_next_commit()
    {
        await using var store = Home.Open();
        var writers = Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            for (var nr = 1; nr <= 50; nr++) await StoreFolder.WriteAsync(store.Journal, $"id {writer}", nr, 1);
        }));
        await Task.WhenAll(writers);
        Assert.Equal(64 * 50, store.Writes);
        Assert.InRange(store.Commits, 50, store.Writes / 4);
        for (var writer = 0; writer < 64; writer++) Assert.Equal(50, (await StoreFolder.ReplayAsync(store.Journal, $"id {writer}")).Count);
    }

    [Fact]
    public async Task A_call_is_one_commit_however_many_events_it_has()
    {
        await using var store = Home.Open();
        var writes = Enumerable.Range(0, 500).Select(id => new AtomicWrite([new Persistent("one", 1, $"id {id}"), new Persistent("two", 2, $"id {id}")])).ToList();
        Assert.All(await store.Journal.WriteAsync(writes, None), Assert.Null);
        Assert.Equal(1, store.Commits);
    }

    [Fact]
    public async Task Only_the_write_whose_number_is_taken_fails_and_what_its_actor_sent_behind_it()
    {
        await using var store = Home.Open();
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 3);
        await store.Journal.DeleteToAsync("a", 2, None);
        var results = await store.Journal.WriteAsync(
            [
                new AtomicWrite([new Persistent("mine", 2, "a"), new Persistent("mine", 3, "a")]), new AtomicWrite(new Persistent("mine", 4, "a")),
                new AtomicWrite(new Persistent("other", 1, "b")),
            ],
            None);
        Assert.Equal([typeof(JournalConflictException), typeof(JournalConflictException), null], results.Select(result => result?.GetType()));
        Assert.Equal(["event 3"], (await StoreFolder.ReplayAsync(store.Journal, "a")).Select(e => e.Payload));
        Assert.Equal(3, await store.Journal.ReadHighestSequenceNrAsync("a", None));
        Assert.Equal(["other"], (await StoreFolder.ReplayAsync(store.Journal, "b")).Select(e => e.Payload));
    }

    [Fact]
    public async Task A_failure_of_one_caller_in_a_shared_commit_is_not_the_others()
    {
        await using var store = Home.Open();
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        // A row behind the store's back: its own knowledge says that 2 is free.
        Home.Execute("INSERT INTO events (id, seq, written, writer, manifest, type, payload, sum) VALUES (1, 2, 0, 'x', '', 'string', x'00', 0)");
        var calls = Enumerable.Range(0, 40).Select(i => i == 20
            ? store.Journal.WriteAsync([new AtomicWrite(new Persistent("mine", 2, "a"))], None)
            : store.Journal.WriteAsync([new AtomicWrite(new Persistent("fine", 1, $"id {i}"))], None)).ToList();
        await Assert.ThrowsAsync<JournalConflictException>(() => calls[20]);
        foreach (var call in calls.Where((_, i) => i != 20)) Assert.Equal([null], await call);
        Assert.True(store.Commits < 40, $"{store.Commits} commits for 40 calls");
        for (var i = 0; i < 40; i++) Assert.Equal(i == 20 ? 0 : 1, (await StoreFolder.ReplayAsync(store.Journal, $"id {i}")).Count);
    }

    /// <summary>The third by its number: an attribute cannot hold half a pair.</summary>
    public static TheoryData<int> UnstorableIds => [.. Enumerable.Range(0, Unstorable.Length)];

    private static readonly string[] Unstorable = ["", "a\0b", "half \ud800 a pair", new string('ä', 1001)];

    [Theory]
    [MemberData(nameof(UnstorableIds))]
    public async Task An_id_that_cannot_be_stored_is_rejected_and_reads_as_unknown(int number)
    {
        var id = Unstorable[number];
        await using var store = Home.Open();
        var results = await store.Journal.WriteAsync([new AtomicWrite(new Persistent("x", 1, id)), new AtomicWrite(new Persistent("y", 1, "b"))], None);
        Assert.NotNull(results[0]);
        Assert.Null(results[1]);
        Assert.Empty(await StoreFolder.ReplayAsync(store.Journal, id));
        Assert.Equal(0, await store.Journal.ReadHighestSequenceNrAsync(id, None));
    }

    [Fact]
    public async Task A_withdrawn_call_is_cancelled_and_the_others_are_stored()
    {
        await using var store = Home.Open();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Journal.WriteAsync([new AtomicWrite(new Persistent("x", 1, "a"))], cancelled.Token));
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
    }

    [Fact]
    public async Task Closing_stores_what_waits_and_refuses_what_comes_later()
    {
        var store = Home.Open();
        var waiting = Enumerable.Range(0, 200).Select(i => store.Journal.WriteAsync([new AtomicWrite(new Persistent("x", 1, $"id {i}"))], None)).ToList();
        await store.DisposeAsync();
        await store.DisposeAsync();
        foreach (var call in waiting) Assert.Equal([null], await call);
        var closed = await Assert.ThrowsAsync<SqlStoreException>(() => store.Journal.WriteAsync([new AtomicWrite(new Persistent("x", 1, "late"))], None));
        Assert.Equal(SqlFailure.Closed, closed.Kind);
        Assert.Equal(SqlFailure.Closed, (await Assert.ThrowsAsync<SqlStoreException>(() => StoreFolder.ReplayAsync(store.Journal, "id 1"))).Kind);
        await using var again = Home.Open();
        for (var i = 0; i < 200; i++) Assert.Single(await StoreFolder.ReplayAsync(again.Journal, $"id {i}"));
    }

    [Fact]
    public async Task A_deletion_of_a_long_history_lets_others_write_between()
    {
        await using var store = Home.Open();
        for (var from = 1; from <= 20_000; from += 1000) await StoreFolder.WriteAsync(store.Journal, "a", from, 1000);
        var before = store.Commits;
        var deletion = store.Journal.DeleteToAsync("a", 19_999, None);
        await StoreFolder.WriteAsync(store.Journal, "b", 1, 1);
        await deletion;
        Assert.InRange(store.Commits - before, 19_999 / SqliteSession.DeletedAtOnce, 20);
        Assert.Equal([20_000L], (await StoreFolder.ReplayAsync(store.Journal, "a")).Select(e => e.SequenceNr));
    }
}
