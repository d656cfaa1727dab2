using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Postgres;

namespace Picket.Spec.PersistenceSql;

/// <summary>What a server, a network and a second writer may do to the store.</summary>
[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresSpec(PostgresFixture server)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PostgresOptions _options = server.NewOptions();

    private string Schema => PostgresTables.Quote(_options.Schema);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_answer_that_is_lost_is_asked_for_and_nothing_is_there_twice(int times)
    {
        await using var proxy = new CuttingProxy(Port);
        await using var store = await PostgresStore.OpenAsync(Through(proxy), None);
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 10);
        var before = proxy.Lost;
        proxy.LoseAnswers(times);
        // The first loss may meet the batch itself, later ones also a new connection's first words.
        await StoreFolder.WriteAsync(store.Journal, "a", 11, 10);
        Assert.Equal(before + times, proxy.Lost);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), (await StoreFolder.ReplayAsync(store.Journal, "a")).Select(e => e.SequenceNr));
        Assert.Equal(20L, await server.ExecuteAsync($"SELECT count(*) FROM {Schema}.events"));
    }

    [Fact]
    public async Task A_request_that_is_lost_is_made_again()
    {
        await using var proxy = new CuttingProxy(Port);
        await using var store = await PostgresStore.OpenAsync(Through(proxy), None);
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        proxy.LoseRequests(1);
        await StoreFolder.WriteAsync(store.Journal, "a", 2, 1);
        proxy.LoseAnswers(1);
        Assert.Equal(2, await store.Journal.ReadHighestSequenceNrAsync("a", None));
        proxy.LoseAnswers(1);
        Assert.Equal(2, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
        proxy.LoseAnswers(1);
        await store.Snapshots.SaveAsync(new SnapshotMetadata("a", 2), "state", None);
        proxy.LoseAnswers(1);
        Assert.Equal("state", (await store.Snapshots.LoadAsync("a", SnapshotSelectionCriteria.Latest, None))!.Snapshot);
        proxy.LoseAnswers(1);
        await store.Journal.DeleteToAsync("a", 1, None);
        Assert.Single(await StoreFolder.ReplayAsync(store.Journal, "a"));
    }

    [Fact]
    public async Task A_session_that_still_works_on_a_lost_attempt_makes_no_second_copy()
    {
        await using var proxy = new CuttingProxy(Port);
        await using var store = await PostgresStore.OpenAsync(Through(proxy), None);
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        await using var source = NpgsqlDataSource.Create(server.Server.ConnectionString);
        await using var holder = await source.OpenConnectionAsync(None);
        await using var hold = await holder.BeginTransactionAsync(None);
        await using (var command = new NpgsqlCommand($"LOCK TABLE {Schema}.events IN EXCLUSIVE MODE", holder)) await command.ExecuteNonQueryAsync(None);
        var write = StoreFolder.WriteAsync(store.Journal, "a", 2, 5);
        await WaitingAsync(1);
        // The client's end is cut off while its session waits for the lock, which does not notice; its successor waits behind it.
        proxy.CutClients();
        await WaitingAsync(2);
        await hold.CommitAsync(None);
        await write;
        Assert.Equal(6, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
        Assert.Equal(6L, await server.ExecuteAsync($"SELECT count(*) FROM {Schema}.events"));
    }

    [Fact]
    public async Task A_second_writer_of_an_id_is_refused_and_the_other_ids_go_on()
    {
        await using var first = await PostgresStore.OpenAsync(_options, None);
        await using var second = await PostgresStore.OpenAsync(_options, None);
        await StoreFolder.WriteAsync(first.Journal, "a", 1, 3);
        await first.Journal.DeleteToAsync("a", 2, None);
        var results = await second.Journal.WriteAsync(
            [
                new AtomicWrite([new Persistent("mine", 3, "a"), new Persistent("mine", 4, "a")]), new AtomicWrite(new Persistent("mine", 5, "a")),
                new AtomicWrite(new Persistent("other", 1, "b")),
            ],
            None);
        Assert.Equal([typeof(JournalConflictException), typeof(JournalConflictException), null], results.Select(result => result?.GetType()));
        // A number that was deleted is used up too.
        Assert.IsType<JournalConflictException>(Assert.Single(await second.Journal.WriteAsync([new AtomicWrite(new Persistent("mine", 2, "a"))], None)));
        Assert.Equal(["event 3"], (await StoreFolder.ReplayAsync(first.Journal, "a")).Select(e => e.Payload));
        Assert.Equal(["other"], (await StoreFolder.ReplayAsync(first.Journal, "b")).Select(e => e.Payload));
    }

    [Fact]
    public async Task Two_that_race_for_the_same_numbers_leave_one_history()
    {
        await using var first = await PostgresStore.OpenAsync(_options, None);
        await using var second = await PostgresStore.OpenAsync(_options, None);
        var won = 0;
        for (var round = 0; round < 50; round++)
        {
            var ids = Enumerable.Range(0, 8).Select(i => $"round {round} id {i}").ToList();
            // In opposite orders, so that they would wait for each other's new names.
            var results = await Task.WhenAll(Task.Run(() => WriteAsync(first, ids, "first")), Task.Run(() => WriteAsync(second, Enumerable.Reverse(ids), "second")));
            won += results.Sum(result => result.Count(outcome => outcome is null));
            Assert.All(results.SelectMany(result => result), outcome => Assert.True(outcome is null or JournalConflictException, $"{outcome}"));
        }

        Assert.Equal(50 * 8, won);
        Assert.Equal(50 * 8L * 2, await server.ExecuteAsync($"SELECT count(*) FROM {Schema}.events"));

        static Task<IReadOnlyList<Exception?>> WriteAsync(PostgresStore store, IEnumerable<string> ids, string who) => store.Journal.WriteAsync(
            [.. ids.Select(id => new AtomicWrite([new Persistent("x", 1, id, writerGuid: who), new Persistent("y", 2, id, writerGuid: who)]))], None);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("With Space and ü")]
    [InlineData("x\"; DROP SCHEMA public CASCADE; --")]
    [InlineData("$1 {0} {schema} %s ''")]
    public async Task A_schemas_name_is_only_a_name(string schema)
    {
        await using (var store = await PostgresStore.OpenAsync(_options with { Schema = schema }, None)) await StoreFolder.WriteAsync(store.Journal, "a", 1, 2);
        Assert.Equal(1L, await server.ExecuteAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'public'"));
        Assert.Equal(2L, await server.ExecuteAsync($"SELECT count(*) FROM \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".events"));
    }

    [Fact]
    public async Task Sessions_are_durable_even_where_the_server_is_set_otherwise()
    {
        await server.ExecuteAsync("ALTER ROLE postgres SET synchronous_commit = off");
        try
        {
            Assert.Equal("off", await server.ExecuteAsync("SHOW synchronous_commit"));
            await using var source = PostgresStore.Build(_options.Read());
            for (var i = 0; i < 3; i++)
            {
                // The second and third are the first one's connection again, which keeps what was set.
                await using var command = source.CreateCommand("SHOW synchronous_commit");
                Assert.Equal("on", await command.ExecuteScalarAsync(None));
            }
        }
        finally
        {
            await server.ExecuteAsync("ALTER ROLE postgres RESET synchronous_commit");
        }
    }

    [Fact]
    public async Task A_server_that_may_lose_what_it_acknowledged_is_refused()
    {
        await SetAsync("off");
        try
        {
            var refused = await Assert.ThrowsAsync<SqlStoreException>(() => PostgresStore.OpenAsync(_options, None));
            Assert.Equal(SqlFailure.NotDurable, refused.Kind);
            await using var store = await PostgresStore.OpenAsync(_options with { RequireDurableServer = false }, None);
        }
        finally
        {
            await SetAsync("on");
        }

        async Task SetAsync(string value)
        {
            await server.ExecuteAsync($"ALTER SYSTEM SET full_page_writes = {value}");
            await server.ExecuteAsync("SELECT pg_reload_conf()");
            await UntilAsync(async () => value.Equals(await server.ExecuteAsync("SHOW full_page_writes")), $"full_page_writes {value}");
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_within_the_time_limit_and_without_the_password()
    {
        var options = new PostgresOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=s3cret;Database=d", RetryFor = TimeSpan.FromMilliseconds(300),
        };
        var failure = await Assert.ThrowsAsync<SqlStoreException>(() => PostgresStore.OpenAsync(options, None));
        Assert.Equal(SqlFailure.Unreachable, failure.Kind);
        Assert.Contains("127.0.0.1:1, database d", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=h;Port=s3cret")]
    [InlineData("Host=h;Password=a;s3cret=b")]
    [InlineData("Host=h;Password=a\";s3cret")]
    [InlineData("s3cret")]
    public async Task A_connection_string_that_cannot_be_read_is_not_quoted(string text)
    {
        var failure = await Assert.ThrowsAnyAsync<ArgumentException>(() => PostgresStore.OpenAsync(new PostgresOptions { ConnectionString = text }, None));
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_or_database_that_is_not_there_is_refused_at_once()
    {
        var failure = await Assert.ThrowsAsync<SqlStoreException>(() => PostgresStore.OpenAsync(_options with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(server.Server.ConnectionString) { Database = "nowhere" }.ConnectionString,
        }, None));
        Assert.Equal(SqlFailure.Refused, failure.Kind);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Wrong(nameof(PostgresOptions.Schema), _options with { Schema = "" });
        Wrong(nameof(PostgresOptions.Schema), _options with { Schema = new string('x', 64) });
        Wrong(nameof(PostgresOptions.Schema), _options with { Schema = "a\0b" });
        Wrong(nameof(PostgresOptions.Schema), _options with { Schema = "pg_toast" });
        Wrong(nameof(PostgresOptions.RetryFor), _options with { RetryFor = TimeSpan.FromSeconds(-1) });
        Wrong(nameof(PostgresOptions.AttemptTimeout), _options with { AttemptTimeout = TimeSpan.Zero });
        Wrong(nameof(PostgresOptions.MinBackOff), _options with { MinBackOff = TimeSpan.Zero });
        Wrong(nameof(PostgresOptions.MaxBackOff), _options with { MaxBackOff = TimeSpan.FromHours(1) });
    }

    [Fact]
    public async Task A_schema_that_was_restored_from_a_backup_gets_its_ids_anew()
    {
        await using var store = await PostgresStore.OpenAsync(_options, None);
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        await server.ExecuteAsync($"TRUNCATE {Schema}.events, {Schema}.persistence_ids; INSERT INTO {Schema}.persistence_ids (name) VALUES ('z'), ('a2')");
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 2);
        Assert.Equal(2, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
    }

    private static void Wrong(string name, PostgresOptions options) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);

    private int Port => new NpgsqlConnectionStringBuilder(server.Server.ConnectionString).Port;

    private PostgresOptions Through(CuttingProxy proxy) => _options with
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(server.Server.ConnectionString) { Port = proxy.Port }.ConnectionString,
    };

    /// <summary>Until at least so many sessions wait for a lock on the events.</summary>
    private Task WaitingAsync(long sessions) => UntilAsync(async () => await server.ExecuteAsync(
        $"SELECT count(*) FROM pg_locks WHERE relation = '{Schema}.events'::regclass AND NOT granted") is long waiting && waiting >= sessions, $"{sessions} sessions that wait");

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, string.Create(CultureInfo.InvariantCulture, $"waited 30 s for {what}"));
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
