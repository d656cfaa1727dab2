using System.Text;
using Picket.Detection.Events.Journal;

namespace Picket.Spec.Journal;

public sealed class JournalDamageTests
{
    private const string Folder = "/journal";
    private const string FirstSegment = Folder + "/0000000000000000.segment";

    private static readonly JournalOptions Small = new()
    {
        Kind = "test", SegmentBytes = 512, MaxBytes = 1 << 20, MaxRecordBytes = 256, Sync = SyncPolicy.Each, RetryDelay = TimeSpan.FromMilliseconds(250),
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_full_disk_is_said_leaves_no_half_record_and_is_tried_again_after_a_while()
    {
        var files = new FaultyFileSpace();
        using var journal = Open(files);
        Assert.Equal(AppendOutcome.Done, Append(journal, "before"));
        files.FreeBytes = 10;
        Assert.Equal(AppendOutcome.NoSpace, Append(journal, "does not fit on the disk"));
        Assert.Equal(journal.Bytes, files.Content(FirstSegment).Length);

        var operations = files.Operations;
        for (var i = 0; i < 1000; i++) Assert.Equal(AppendOutcome.NoSpace, Append(journal, "not even tried"));
        Assert.Equal(operations, files.Operations);

        files.FreeBytes = 1000;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(AppendOutcome.Done, Append(journal, "after"));
        Assert.Equal(["before", "after"], ReadAll(journal));
    }

    [Fact]
    public void A_disk_that_is_full_when_a_segment_is_to_begin_does_no_harm()
    {
        var files = new FaultyFileSpace();
        using var journal = Open(files);
        var written = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            files.FreeBytes = i % 3 == 0 ? i : 100_000;
            var record = $"record {i} of some length";
            if (Append(journal, record) == AppendOutcome.Done) written.Add(record);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(written.Count, 40, 59);
        Assert.Equal(written, ReadAll(journal));
    }

    [Fact]
    public void A_failing_device_is_said_and_the_journal_goes_on_when_it_recovers()
    {
        var files = new FaultyFileSpace();
        using var journal = Open(files);
        Assert.Equal(AppendOutcome.Done, Append(journal, "before"));
        files.FailWrites = true;
        files.FailTruncates = true;
        Assert.Equal(AppendOutcome.Failed, Append(journal, "during"));
        files.FailWrites = false;
        files.FailTruncates = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AppendOutcome.Done, Append(journal, "after"));
        Assert.Equal(["before", "after"], ReadAll(journal));
    }

    [Fact]
    public void After_a_failed_sync_the_record_is_not_acknowledged_and_a_new_segment_is_begun()
    {
        var files = new FaultyFileSpace();
        using var journal = Open(files);
        Assert.Equal(AppendOutcome.Done, Append(journal, "before"));
        files.FailSyncs = true;
        Assert.Equal(AppendOutcome.Failed, Append(journal, "during"));
        files.FailSyncs = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AppendOutcome.Done, Append(journal, "after"));
        Assert.Equal(["before", "after"], ReadAll(journal));
        Assert.Equal(1, journal.SyncFailures);
        Assert.Equal(2, files.List(Folder).Count(name => name.EndsWith(".segment", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_flipped_bit_costs_its_record_and_no_other_and_is_counted()
    {
        var files = new FaultyFileSpace();
        using (var journal = Open(files))
        {
            for (var i = 0; i < 10; i++) Append(journal, $"record {i}");
        }

        var sound = files.Content(FirstSegment);
        for (var at = 32; at < sound.Length; at++)
        {
            var damaged = sound.ToArray();
            damaged[at] ^= 0x10;
            files.Put(FirstSegment, damaged);
            using var journal = Open(files);
            var found = ReadAll(journal);

            // The last bytes of a frame pad it to a multiple of eight and mean nothing.
            var hit = (at - 32) / 16;
            var record = Encoding.UTF8.GetByteCount($"record {hit}");
            if ((at - 32) % 16 >= 8 + record) Assert.Equal(10, found.Count);
            else Assert.Equal(Enumerable.Range(0, 10).Where(i => i != hit).Select(i => $"record {i}"), found);
            Assert.True(found.Count == 10 || journal.Findings.Count == 1);
        }
    }

    [Fact]
    public void A_foreign_file_with_a_segments_name_is_put_aside_and_kept()
    {
        var files = new FaultyFileSpace();
        var foreign = Encoding.UTF8.GetBytes("this is somebody's diary and not a segment of any journal");
        files.Put(FirstSegment, foreign);
        using var journal = Open(files);
        var finding = Assert.Single(journal.Findings);
        Assert.Contains("not a journal's segment", finding.Text, StringComparison.Ordinal);
        Assert.Equal(foreign, files.Content(FirstSegment + ".quarantined"));
        Assert.Equal(AppendOutcome.Done, Append(journal, "a record"));
        Assert.Equal(["a record"], ReadAll(journal));
    }

    [Fact]
    public void A_journal_of_another_kind_or_version_is_refused_and_left_as_it_is()
    {
        var files = new FaultyFileSpace();
        using (var journal = Open(files)) Append(journal, "a record");
        var before = files.Content(FirstSegment);
        var failure = Assert.Throws<JournalFormatException>(() => SegmentJournal.Open(files, Folder, Small with { Kind = "spill" }, _clock));
        Assert.Contains("'test' and not 'spill'", failure.Message, StringComparison.Ordinal);

        var newer = before.ToArray();
        newer[8] = 2;
        BitConverter.TryWriteBytes(newer.AsSpan(28), JournalFrame.Sum(0, newer.AsSpan(0, 28)));
        files.Put(FirstSegment, newer);
        failure = Assert.Throws<JournalFormatException>(() => Open(files));
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Equal(newer, files.Content(FirstSegment));
    }

    [Fact]
    public void A_damaged_position_starts_the_reader_at_the_oldest_record()
    {
        var files = new FaultyFileSpace();
        using (var journal = Open(files))
        {
            Append(journal, "a record");
            using var reader = journal.OpenReader("sink");
            reader.Advance(journal.End);
            reader.Commit(journal.End, sync: false);
        }

        var bytes = files.Content(Folder + "/sink.position");
        Array.Fill(bytes, (byte)0xEE);
        files.Put(Folder + "/sink.position", bytes);
        using var again = Open(files);
        Assert.Single(again.Findings);
        using var same = again.OpenReader("sink");
        Assert.True(same.TryPeek(long.MaxValue, out _, out _));
    }

    [Fact]
    public void The_disk_itself_keeps_one_owner_private_modes_and_the_records()
    {
        var folder = Path.Combine(TestFolder.Make("journal"), "inner");
        try
        {
            using (var journal = SegmentJournal.Open(DiskFileSpace.Instance, folder, Small, TimeProvider.System))
            {
                for (var i = 0; i < 100; i++) Append(journal, $"record {i}");
                var refused = Assert.Throws<IOException>(() => SegmentJournal.Open(DiskFileSpace.Instance, folder, Small, TimeProvider.System));
                Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
                if (!OperatingSystem.IsWindows())
                {
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
                    foreach (var file in Directory.GetFiles(folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                }
            }

            using var again = SegmentJournal.Open(DiskFileSpace.Instance, folder, Small, TimeProvider.System);
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"record {i}"), ReadAll(again));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        }
    }

    [Fact]
    public async Task Readers_on_other_threads_see_every_record_whole_while_it_is_written()
    {
        var folder = TestFolder.Make("journal");
        try
        {
            var options = Small with { Sync = SyncPolicy.None, SegmentBytes = 4096 };
            using var journal = SegmentJournal.Open(DiskFileSpace.Instance, folder, options, TimeProvider.System);
            using var reader = journal.OpenReader("sink");
            const int Count = 20_000;
            var seen = 0;
            var consumer = Task.Run(() =>
            {
                while (seen < Count)
                {
                    if (!reader.TryPeek(long.MaxValue, out var record, out var next))
                    {
                        Thread.Yield();
                        continue;
                    }

                    Assert.Equal($"record {seen}", Encoding.UTF8.GetString(record));
                    reader.Advance(next);
                    reader.Commit(next, sync: false);
                    seen++;
                }
            }, TestContext.Current.CancellationToken);
            for (var i = 0; i < Count && !consumer.IsCompleted; i++)
            {
                while (Append(journal, $"record {i}") == AppendOutcome.Full) Thread.Yield();
            }

            await consumer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.Equal(Count, seen);
            Assert.Equal(0, reader.DamagedBytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private SegmentJournal Open(FaultyFileSpace files) => SegmentJournal.Open(files, Folder, Small, _clock);

    private static AppendOutcome Append(SegmentJournal journal, string record) => journal.TryAppend(Encoding.UTF8.GetBytes(record), out _);

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
