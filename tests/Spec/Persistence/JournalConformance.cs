using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Spec.Persistence;

/// <summary>What every event journal must do. A store's tests derive from it.</summary>
public abstract class JournalConformance : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IEventJournal _journal = null!;

    /// <summary>Opens the journal of this test: the second time with what the first has left.</summary>
    protected abstract Task<IEventJournal> OpenAsync();

    /// <summary>A payload that the store must reject; null where there is none.</summary>
    protected virtual object? Unstorable => null;

    public virtual async ValueTask InitializeAsync() => _journal = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_unknown_id_has_no_history()
    {
        Assert.Equal(0, await Highest("nobody"));
        Assert.Empty(await Replay("nobody"));
        await _journal.DeleteToAsync("nobody", 5, None);
        Assert.Equal(0, await Highest("nobody"));
    }

    [Fact]
    public async Task Events_come_back_as_they_were_written()
    {
        object[] payloads = ["text ä\0€", new byte[] { 0, 1, 255 }, true, int.MinValue, long.MaxValue, 0.1, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
            new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(-5)).AddTicks(1), "", Array.Empty<byte>()];
        var written = payloads.Select((payload, i) => new Persistent(payload, i + 1, "a", writerGuid: "w", timestamp: 638_000_000_000_000_001 + i)).ToArray();
        Assert.Equal([null], await _journal.WriteAsync([new AtomicWrite(written)], None));
        foreach (var read in await ReplayTwice("a"))
        {
            Assert.Equal(payloads, read.Select(e => e.Payload));
            Assert.Equal(written.Select(e => (e.SequenceNr, e.PersistenceId, e.WriterGuid, e.Timestamp)), read.Select(e => (e.SequenceNr, e.PersistenceId, e.WriterGuid, e.Timestamp)));
            Assert.All(read, e => Assert.Null(e.Sender));
            Assert.All(read, e => Assert.False(e.IsDeleted));
        }

        Assert.Equal(10, await Highest("a"));
    }

    [Fact]
    public async Task A_replay_keeps_to_its_bounds()
    {
        await Write("a", 1, 10);
        Assert.Equal([3, 4, 5], Numbers(await Replay("a", 3, 5)));
        Assert.Equal([3, 4], Numbers(await Replay("a", 3, 5, 2)));
        Assert.Equal([9, 10], Numbers(await Replay("a", 9)));
        Assert.Empty(await Replay("a", 11));
        Assert.Empty(await Replay("a", 1, 0));
        Assert.Empty(await Replay("a", 5, 4));
        Assert.Empty(await Replay("a", 1, long.MaxValue, 0));
    }

    [Fact]
    public async Task Histories_do_not_mix()
    {
        string[] ids = ["a", "A", "a ", " a", "ä", "a%", "a_", "a'b", "a\"b", "a;--", "a/b#c", "日本", new string('x', 255)];
        var writes = ids.SelectMany((id, i) => Enumerable.Range(1, 2).Select(nr => new AtomicWrite(new Persistent($"{id}{i}.{nr}", nr, id)))).ToArray();
        Assert.All(await _journal.WriteAsync(writes, None), Assert.Null);
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.Equal([$"{ids[i]}{i}.1", $"{ids[i]}{i}.2"], (await Replay(ids[i])).Select(e => e.Payload));
            Assert.Equal(2, await Highest(ids[i]));
        }
    }

    [Fact]
    public async Task A_long_history_is_read_whole_and_in_order()
    {
        for (var i = 0; i < 5; i++) await Write("a", 1 + (i * 700), 700);
        Assert.Equal(Enumerable.Range(1, 3500).Select(i => (long)i), Numbers(await Replay("a")));
    }

    [Fact]
    public async Task Deleting_keeps_the_highest_number_and_what_comes_after()
    {
        await Write("a", 1, 5);
        await Write("b", 1, 5);
        await _journal.DeleteToAsync("a", 3, None);
        Assert.Equal([4, 5], Numbers(await Replay("a")));
        Assert.Equal([4, 5], Numbers(await Replay("a", 2)));
        Assert.Equal(5, await Highest("a"));
        await _journal.DeleteToAsync("a", 2, None);
        Assert.Equal([4, 5], Numbers(await Replay("a")));
        await _journal.DeleteToAsync("a", long.MaxValue, None);
        foreach (var read in await ReplayTwice("a")) Assert.Empty(read);
        Assert.Equal(5, await Highest("a"));
        await Write("a", 6, 2);
        foreach (var read in await ReplayTwice("a")) Assert.Equal([6, 7], Numbers(read));
        Assert.Equal([1, 2, 3, 4, 5], Numbers(await Replay("b")));
    }

    [Fact]
    public async Task A_number_is_given_once()
    {
        await Write("a", 1, 3);
        var second = new AtomicWrite([new Persistent("mine", 3, "a"), new Persistent("mine", 4, "a")]);
        try
        {
            var results = await _journal.WriteAsync([second, new AtomicWrite(new Persistent("mine", 5, "a"))], None);
            Assert.Equal(2, results.Count);
            Assert.All(results, result => Assert.IsType<JournalConflictException>(result));
        }
        catch (JournalException)
        {
            // The other way that the contract allows.
        }

        Assert.Equal(["a1", "a2", "a3"], (await Replay("a")).Select(e => e.Payload));
        Assert.Equal(3, await Highest("a"));
        await Write("a", 4, 1);
        Assert.Equal([1, 2, 3, 4], Numbers(await Replay("a")));
    }

    [Fact]
    public async Task A_missing_number_is_refused()
    {
        await Write("a", 1, 2);
        try
        {
            await Write("a", 4, 1);
        }
        catch (JournalException)
        {
            // A store may refuse to write what it would refuse to read.
            return;
        }

        var corrupt = await Assert.ThrowsAsync<JournalCorruptException>(() => Replay("a"));
        Assert.Equal("a", corrupt.PersistenceId);
        Assert.Equal(3, corrupt.SequenceNr);
        Assert.NotEmpty(corrupt.Place);
    }

    [Fact]
    public async Task A_rejected_write_keeps_its_numbers_and_the_others_go_on()
    {
        if (Unstorable is not { } unstorable) return;
        var results = await _journal.WriteAsync(
            [
                new AtomicWrite(new Persistent("one", 1, "a")),
                new AtomicWrite([new Persistent("two", 2, "a"), new Persistent(unstorable, 3, "a")]),
                new AtomicWrite(new Persistent("other", 1, "b")),
                new AtomicWrite(new Persistent("four", 4, "a")),
            ],
            None);
        Assert.Equal([true, false, true, true], results.Select(result => result is null));
        Assert.IsNotType<JournalConflictException>(results[1]);
        foreach (var read in await ReplayTwice("a"))
        {
            Assert.Equal([1, 2, 3, 4], Numbers(read));
            Assert.Equal([false, true, true, false], read.Select(e => e.IsDeleted));
            Assert.Equal("four", read[3].Payload);
        }

        Assert.Equal(["other"], (await Replay("b")).Select(e => e.Payload));
        Assert.Equal(4, await Highest("a"));
    }

    [Fact]
    public async Task An_event_that_comes_marked_as_deleted_keeps_its_number_only()
    {
        await _journal.WriteAsync([new AtomicWrite([new Persistent("one", 1, "a"), new Persistent(new object(), 2, "a", isDeleted: true), new Persistent("three", 3, "a")])], None);
        foreach (var read in await ReplayTwice("a")) Assert.Equal([(1, false), (2, true), (3, false)], read.Select(e => (e.SequenceNr, e.IsDeleted)));
    }

    [Fact]
    public async Task A_reader_may_stop_and_read_while_others_write()
    {
        await Write("a", 1, 1000);
        using var stop = new CancellationTokenSource();
        var seen = 0L;
        var read = Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var e in _journal.ReplayAsync("a", 1, long.MaxValue, long.MaxValue, stop.Token))
            {
                Assert.Equal(++seen, e.SequenceNr);
                if (seen == 10)
                {
                    await Write("a", 1001, 1);
                    await stop.CancelAsync();
                }
            }
        });
        await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(seen < 1000, $"{seen} events were read after the reader had stopped");
        Assert.Equal(1001, (await Replay("a")).Count);
    }

    private static IEnumerable<long> Numbers(IEnumerable<Persistent> events) => events.Select(e => e.SequenceNr);

    private async Task Write(string id, long from, int count)
    {
        var events = Enumerable.Range(0, count).Select(i => new Persistent($"{id}{from + i}", from + i, id, writerGuid: "w", timestamp: from)).ToArray();
        Assert.Equal([null], await _journal.WriteAsync([new AtomicWrite(events)], None));
    }

    private Task<long> Highest(string id) => _journal.ReadHighestSequenceNrAsync(id, None);

    private async Task<List<Persistent>> Replay(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        var all = new List<Persistent>();
        await foreach (var e in _journal.ReplayAsync(id, from, to, max, None)) all.Add(e);
        return all;
    }

    /// <summary>What is there now, and what is there when the journal has been closed and opened again.</summary>
    private async Task<List<Persistent>[]> ReplayTwice(string id)
    {
        var now = await Replay(id);
        await _journal.DisposeAsync();
        _journal = await OpenAsync();
        return [now, await Replay(id)];
    }
}
