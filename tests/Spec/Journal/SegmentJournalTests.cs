using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events.Journal;

namespace Picket.Spec.Journal;

public sealed class SegmentJournalTests
{
    private const string Folder = "/journal";

    private static readonly JournalOptions Small = new()
    {
        Kind = "test", SegmentBytes = 512, MaxBytes = 1 << 20, MaxRecordBytes = 256, Sync = SyncPolicy.Each,
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void Records_come_back_in_order_over_segments_and_restarts()
    {
        Prop.ForAll(Gen.Choose(1, 256).ListOf().Select(sizes => sizes.ToArray()).ToArbitrary(), sizes =>
        {
            var files = new FaultyFileSpace();
            var written = new List<string>();
            for (var i = 0; i < sizes.Length; i++)
            {
                using var journal = Open(files, Small);
                written.Add(new string((char)('a' + (i % 26)), sizes[i]));
                Append(journal, written[^1]);
            }

            using var last = Open(files, Small);
            Assert.Empty(last.Findings);
            Assert.Equal(written, ReadAll(last));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_was_acknowledged_survives_a_power_cut_at_every_operation()
    {
        var operations = Run(new FaultyFileSpace(), []);
        Assert.True(operations > 100);
        for (var at = 1; at <= operations; at++)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                var files = new FaultyFileSpace((at * 31) + seed) { PullPlugAt = at };
                var acknowledged = new List<string>();
                Run(files, acknowledged);
                files.CutPower();
                using var journal = Open(files, Small);
                var found = ReadAll(journal);
                Assert.True(found.Count >= acknowledged.Count, $"plug pulled at {at}, seed {seed}: {found.Count} of {acknowledged.Count} records");
                Assert.Equal(acknowledged, found.Take(acknowledged.Count));

                // One record may have been on its way; nothing else may appear.
                Assert.True(found.Count <= acknowledged.Count + 1);
                Append(journal, "after");
                Assert.Equal("after", ReadAll(journal)[^1]);
            }
        }

        int Run(FaultyFileSpace files, List<string> acknowledged)
        {
            try
            {
                using var journal = Open(files, Small);
                for (var i = 0; i < 60; i++)
                {
                    var record = $"record {i} {new string('x', i)}";
                    if (journal.TryAppend(Encoding.UTF8.GetBytes(record), out _) == AppendOutcome.Done) acknowledged.Add(record);
                }
            }
            catch (PlugPulledException)
            {
            }

            return files.Operations;
        }
    }

    [Fact]
    public void A_process_that_dies_loses_nothing_under_any_policy()
    {
        foreach (var policy in Enum.GetValues<SyncPolicy>())
        {
            for (var at = 1; at < 60; at++)
            {
                var files = new FaultyFileSpace(at) { PullPlugAt = at };
                var acknowledged = new List<string>();
                try
                {
                    var journal = Open(files, Small with { Sync = policy });
                    for (var i = 0; i < 40; i++)
                    {
                        Append(journal, $"record {i}");
                        acknowledged.Add($"record {i}");
                    }
                }
                catch (PlugPulledException)
                {
                }

                files.Kill();
                using var again = Open(files, Small);
                Assert.Equal(acknowledged, ReadAll(again).Take(acknowledged.Count));
            }
        }
    }

    [Fact]
    public void By_interval_a_power_cut_takes_only_what_came_after_the_last_one()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var files = new FaultyFileSpace(seed);
            var clock = new ManualClock();
            var journal = SegmentJournal.Open(files, Folder, Small with { Sync = SyncPolicy.Interval, SyncInterval = TimeSpan.FromMilliseconds(500) }, clock);
            for (var i = 0; i < 20; i++) Append(journal, $"early {i}");
            clock.Advance(TimeSpan.FromMilliseconds(500));
            for (var i = 0; i < 20; i++) Append(journal, $"late {i}");
            files.CutPower();
            using var again = Open(files, Small);
            var found = ReadAll(again);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"early {i}"), found.Take(20));
            Assert.All(found.Skip(20), record => Assert.StartsWith("late ", record, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_reader_goes_on_where_it_committed_and_loses_nothing_wherever_the_plug_is_pulled()
    {
        for (var at = 1; at < 200; at++)
        {
            var files = new FaultyFileSpace(at);
            using (var journal = Open(files, Small))
            {
                for (var i = 0; i < 40; i++) Append(journal, $"record {i}");
            }

            var seen = new HashSet<string>();
            files.PullPlugAt = files.Operations + at;
            try
            {
                Read(files, seen);
            }
            catch (PlugPulledException)
            {
            }

            files.CutPower();
            Read(files, seen);
            Assert.Equal(40, seen.Count);
        }

        void Read(FaultyFileSpace files, HashSet<string> seen)
        {
            using var journal = Open(files, Small);
            using var reader = journal.OpenReader("sink");
            while (reader.TryPeek(long.MaxValue, out var record, out var next))
            {
                seen.Add(Encoding.UTF8.GetString(record));
                reader.Advance(next);
                Assert.True(reader.Commit(next, sync: true));
            }
        }
    }

    [Fact]
    public void A_committed_position_is_where_the_next_run_starts()
    {
        var files = new FaultyFileSpace();
        using (var journal = Open(files, Small))
        {
            for (var i = 0; i < 30; i++) Append(journal, $"record {i}");
            using var reader = journal.OpenReader("sink");
            for (var i = 0; i < 17; i++)
            {
                Assert.True(reader.TryPeek(long.MaxValue, out _, out var next));
                reader.Advance(next);
            }

            Assert.True(reader.Commit(reader.Position, sync: false));
        }

        using var again = Open(files, Small);
        using var same = again.OpenReader("sink");
        Assert.True(same.TryPeek(long.MaxValue, out var record, out _));
        Assert.Equal("record 17", Encoding.UTF8.GetString(record));
    }

    [Fact]
    public void A_record_is_not_hidden_by_a_reader_that_had_been_further_before_the_power_went()
    {
        // The reader's position is durable, the records it had read are not.
        var options = Small with { Sync = SyncPolicy.None };
        for (var seed = 0; seed < 50; seed++)
        {
            var files = new FaultyFileSpace(seed);
            var journal = Open(files, options);
            files.SyncFolder(Folder);
            for (var i = 0; i < 5; i++) Append(journal, $"lost {i}");
            var reader = journal.OpenReader("sink");
            while (reader.TryPeek(long.MaxValue, out _, out var next)) reader.Advance(next);
            Assert.True(reader.Commit(reader.Position, sync: true));
            files.SyncFolder(Folder);
            files.CutPower();

            using var again = Open(files, options);
            using var same = again.OpenReader("sink");
            Append(again, "new");
            Assert.True(same.TryPeek(long.MaxValue, out var record, out _));
            Assert.Equal("new", Encoding.UTF8.GetString(record));
        }
    }

    [Fact]
    public void Peeking_twice_gives_the_same_record_and_stops_at_the_given_address()
    {
        using var journal = Open(new FaultyFileSpace(), Small);
        Append(journal, "first");
        var firstEnd = journal.End;
        Append(journal, "second");
        using var reader = journal.OpenReader("sink");
        Assert.True(reader.TryPeek(firstEnd, out var record, out _));
        Assert.Equal("first", Encoding.UTF8.GetString(record));
        Assert.True(reader.TryPeek(firstEnd, out record, out var next));
        Assert.Equal("first", Encoding.UTF8.GetString(record));
        reader.Advance(next);
        Assert.False(reader.TryPeek(firstEnd, out _, out _));
        Assert.True(reader.TryPeek(long.MaxValue, out _, out _));
    }

    [Fact]
    public void With_every_reader_behind_the_bound_is_kept_by_refusing()
    {
        using var journal = Open(new FaultyFileSpace(), Small with { MaxBytes = 2048 });
        using var reader = journal.OpenReader("sink");
        var count = 0;
        while (journal.TryAppend(new byte[100], out _) == AppendOutcome.Done) count++;
        Assert.InRange(journal.Bytes, 1500, 2048);
        Assert.Equal(AppendOutcome.Full, journal.TryAppend(new byte[100], out _));
        var read = 0;
        while (reader.TryPeek(long.MaxValue, out _, out var next))
        {
            read++;
            reader.Advance(next);
        }

        Assert.Equal(count, read);
        Assert.True(reader.Commit(reader.Position, sync: false));
        for (var i = 0; i < 200; i++) Append(journal, $"more {i}", commit: reader);
        Assert.InRange(journal.Bytes, 1, 2048);
    }

    [Fact]
    public void The_timer_syncs_only_what_is_not_synced()
    {
        var files = new FaultyFileSpace();
        using var journal = Open(files, Small with { Sync = SyncPolicy.Interval, SyncInterval = TimeSpan.FromSeconds(1) });
        Append(journal, "a record");
        var before = files.Operations;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 1, files.Operations);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 1, files.Operations);
        Append(journal, "another");
        Append(journal, "a third");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 4, files.Operations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_record_of_an_impossible_size_is_an_error(int size)
    {
        using var journal = Open(new FaultyFileSpace(), Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.TryAppend(new byte[size], out _));
    }

    [Fact]
    public void The_frame_on_disk_is_frozen()
    {
        var files = new FaultyFileSpace();
        using (var journal = Open(files, Small)) Append(journal, "abc");
        var bytes = files.Content(Folder + "/0000000000000000.segment");

        // Computed by another implementation of CRC-32C over address, length and bytes.
        const string Header = "5049434B45544A4C010000007465737400000000000000000000000017CCD802";
        const string Frame = "03000000853D24BD6162630000000000";
        Assert.Equal(Header + Frame, Convert.ToHexString(bytes));
    }

    private SegmentJournal Open(FaultyFileSpace files, JournalOptions options) => SegmentJournal.Open(files, Folder, options, _clock);

    private static void Append(SegmentJournal journal, string record, JournalReader? commit = null)
    {
        Assert.Equal(AppendOutcome.Done, journal.TryAppend(Encoding.UTF8.GetBytes(record), out _));
        if (commit is null) return;
        while (commit.TryPeek(long.MaxValue, out _, out var next)) commit.Advance(next);
        commit.Commit(commit.Position, sync: false);
    }

    private static List<string> ReadAll(SegmentJournal journal)
    {
        var records = new List<string>();
        using var reader = journal.ReadFrom(journal.Start);
        while (reader.TryPeek(long.MaxValue, out var record, out var next))
        {
            records.Add(Encoding.UTF8.GetString(record));
            reader.Advance(next);
        }

        return records;
    }
}
