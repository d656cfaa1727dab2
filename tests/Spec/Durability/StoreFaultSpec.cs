using System.Runtime.Versioning;
using System.Text;
using Picket.Actors;
using Picket.Actors.Event;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Actors.TestKit;
using Picket.Spec.Kernel;

namespace Picket.Spec.Durability;

/// <summary>The disk under a running actor system fails: a clear error, the rest goes on, and it works again when the disk does.</summary>
[SupportedOSPlatform("linux")]
public sealed class StoreFaultSpec : KernelSpec
{
    private const int Page = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_full_disk_stops_who_writes_and_nobody_else_and_nothing_is_lost_when_there_is_room_again()
    {
        using var disk = new TestDisk("2m");
        var filler = Path.Combine(disk.Folder, "filler");
        File.WriteAllBytes(filler, new byte[1 << 20]);
        await using var store = Open(disk);
        var watcher = Install(store);
        var errors = Listen<Error>();
        IActorRef writer = Notebook("writer", watcher, 0), reader = Notebook("reader", watcher, 0);
        await SayAsync(reader, "kept", 1);
        var kept = 0;
        while (await WroteAsync(writer, new string('x', 8000))) Assert.InRange(++kept, 1, 400);

        var failed = Assert.IsType<SqlStoreException>(Failure(watcher, "writer"));
        Assert.Equal(SqlFailure.Full, failed.Kind);
        Assert.Contains("no room is left", failed.Message, StringComparison.Ordinal);
        Assert.Contains(disk.Database, failed.Message, StringComparison.Ordinal);
        errors.FishForMessage<Error>(error => Says(error, "[writer]") && Says(error, "no room is left"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, await reader.Ask<int>(new NotebookActor.HowMany(), Patience, TestContext.Current.CancellationToken));
        await EchoesAsync();

        File.Delete(filler);
        await SayAsync(reader, "goes on", 2);
        await SayAsync(Notebook("writer", watcher, kept), "again", kept + 1);
    }

    [Fact]
    public async Task A_log_that_may_not_be_written_any_more_stops_who_writes_and_nobody_else()
    {
        using var disk = new TestDisk();
        await using var store = Open(disk);
        var watcher = Install(store);
        var errors = Listen<Error>();
        var writer = Notebook("writer", watcher, 0);
        await SayAsync(writer, "kept", 1);
        Assert.SkipUnless(TestDisk.Run("chattr", "+i", disk.Database + "-wal"), "this file system has no immutable files");
        try
        {
            Assert.False(await WroteAsync(writer, "refused"));
            Assert.Contains(disk.Database, Assert.IsType<SqlStoreException>(Failure(watcher, "writer")).Message, StringComparison.Ordinal);
            errors.FishForMessage<Error>(error => Says(error, "[writer]"), cancellationToken: TestContext.Current.CancellationToken);
            await EchoesAsync();
        }
        finally
        {
            Assert.True(TestDisk.Run("chattr", "-i", disk.Database + "-wal"), "the log stays immutable");
        }

        await SayAsync(Notebook("writer", watcher, 1), "again", 2);
    }

    [Fact]
    public async Task A_read_only_disk_is_refused_with_the_files_name_and_all_is_there_when_it_may_be_written_again()
    {
        using var disk = new TestDisk("4m");
        await using (var store = Open(disk)) await WriteAsync(store.Journal, "writer", "kept", 3);
        disk.Remount(readOnly: true);
        var refused = Assert.Throws<SqlStoreException>(() => Open(disk));
        Assert.Equal(SqlFailure.ReadOnly, refused.Kind);
        Assert.Contains(disk.Database, refused.Message, StringComparison.Ordinal);

        disk.Remount(readOnly: false);
        await using var again = Open(disk);
        await SayAsync(Notebook("writer", Install(again), 3), "again", 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_history_cannot_be_recovered_and_the_others_can(bool wholePage)
    {
        using var disk = new TestDisk();
        await using (var store = Open(disk))
        {
            await WriteAsync(store.Journal, "damaged", "the words of the damaged one", 200);
            await WriteAsync(store.Journal, "sound", "other words", 200);
        }

        Damage(disk.Database, "the words of the damaged one 100", wholePage);
        await using var reopened = Open(disk);
        var watcher = Install(reopened);
        var errors = Listen<Error>();
        Spawn(() => new NotebookActor("damaged", watcher.Ref));
        var failed = Failure(watcher, "damaged");
        Assert.Contains(disk.Database, Assert.IsType<JournalCorruptException>(failed).Message, StringComparison.Ordinal);
        if (!wholePage) Assert.Equal(("damaged", 100), (((JournalCorruptException)failed).PersistenceId, ((JournalCorruptException)failed).SequenceNr));
        errors.FishForMessage<Error>(error => Says(error, "[damaged]"), cancellationToken: TestContext.Current.CancellationToken);

        await SayAsync(Notebook("sound", watcher, 200), "goes on", 201);
        await SayAsync(Notebook("new", watcher, 0), "as well", 1);
    }

    private static SqliteStore Open(TestDisk disk) =>
        SqliteStore.Open(new SqliteOptions { Path = disk.Database, CheckUpToBytes = 0, WalLimitBytes = 1 << 20 });

    private TestProbe Install(SqliteStore store)
    {
        Actors.Persistence.Persistence.Install(Sys, new PersistenceOptions { Journal = store.Journal, SnapshotStore = store.Snapshots, OwnsStores = false });
        return CreateTestProbe();
    }

    private IActorRef Notebook(string id, TestProbe watcher, int count)
    {
        var actor = Spawn(() => new NotebookActor(id, watcher.Ref));
        watcher.ExpectMsg(new NotebookActor.Opened(id, count));
        return actor;
    }

    private static Exception Failure(TestProbe watcher, string id)
    {
        var failed = watcher.ExpectMsg<NotebookActor.Failed>();
        Assert.Equal(id, failed.Id);
        return failed.Cause;
    }

    private static async Task SayAsync(IActorRef notebook, string text, int count) => Assert.Equal(count, await notebook.Ask<int>(text, Patience));

    /// <summary>Whether a text was stored; a notebook that stops never answers.</summary>
    private static async Task<bool> WroteAsync(IActorRef notebook, string text)
    {
        var asked = notebook.Ask<int>(text, Patience);
        return await Task.WhenAny(asked, notebook.WatchAsync(TestContext.Current.CancellationToken)) == asked && asked.IsCompletedSuccessfully;
    }

    private async Task EchoesAsync() => Assert.Equal("still here", await Spawn(() => new Echo()).Ask<string>("still here", Patience));

    private static bool Says(Error error, string text) => error.ToString().Contains(text, StringComparison.Ordinal);

    private static async Task WriteAsync(IEventJournal journal, string id, string text, int count)
    {
        var events = Enumerable.Range(1, count).Select(number => new Persistent($"{text} {number}", number, id)).ToArray();
        Assert.Equal([null], await journal.WriteAsync([new AtomicWrite(events)], TestContext.Current.CancellationToken));
    }

    private static void Damage(string database, string text, bool wholePage)
    {
        var bytes = File.ReadAllBytes(database);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(at > 0, "the text is in the file");
        if (wholePage) bytes.AsSpan(at / Page * Page, Page).Fill(0xEE);
        else bytes[at] ^= 1;
        File.WriteAllBytes(database, bytes);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
