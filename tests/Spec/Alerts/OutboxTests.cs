using System.Text;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Delivery;
using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Policy;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Spec.Journal;

namespace Picket.Spec.Alerts;

public sealed class OutboxTests
{
    private static readonly JournalOptions Journal = new()
    {
        Kind = "any", SegmentBytes = 4096, MaxBytes = 1 << 20, MaxRecordBytes = 2048, Sync = SyncPolicy.Each, RetryDelay = TimeSpan.Zero,
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void An_alert_made_again_after_a_crash_is_recognised()
    {
        var files = new FaultyFileSpace();
        using (var outbox = Open(files)) Assert.Equal(PutOutcome.Stored, outbox.Put(Samples.Alert(1)));
        using var again = Open(files);
        Assert.Equal(PutOutcome.Known, again.Put(Samples.Alert(1)));
        Assert.Equal(PutOutcome.Stored, again.Put(Samples.Alert(2)));
    }

    [Fact]
    public void Known_ids_are_bounded_and_the_oldest_goes_first()
    {
        var ids = new RecentIds(3);
        for (var i = 0; i < 10; i++) Assert.True(ids.Add(new StableId((UInt128)i)));
        Assert.False(ids.Add(new StableId(9)));
        Assert.False(ids.Contains(new StableId(6)));
        Assert.True(ids.Contains(new StableId(7)));
    }

    [Fact]
    public void An_entry_carries_what_the_alert_had()
    {
        var alert = Samples.Alert(1, timeNs: -5);
        Assert.True(OutboxEntry.TryUnpack(OutboxEntry.Pack(alert), out var entry));
        Assert.Equal(alert.Id, entry.Id);
        Assert.Equal(alert.Level, entry.Level);
        Assert.Equal(alert.TimeNs, entry.TimeNs);
        Assert.Equal(alert.Text, Encoding.UTF8.GetString(entry.Text));
        Assert.Equal(alert.Line.ToArray(), entry.Line.ToArray());
        Assert.False(OutboxEntry.TryUnpack([2, 0], out _));
        Assert.False(OutboxEntry.TryUnpack(OutboxEntry.Pack(alert).AsSpan(0, 35), out _));
    }

    [Fact]
    public void An_alert_larger_than_a_record_is_counted_and_does_not_block_the_others()
    {
        using var outbox = AlertOutbox.Open(new FaultyFileSpace(), "/outbox", Journal with { MaxRecordBytes = 200 }, 10, _clock);
        var intake = new AlertIntake(outbox, new AlertPolicy(AlertPolicyOptions.Unlimited), 1000, []);
        intake.Accept(Samples.Alert(1, ruleId: new string('r', 300)), isRetry: false);
        intake.Accept(Samples.Alert(2), isRetry: false);
        Assert.Equal("stored 1, duplicate 0, suppressed 0, rate-limited 0, refused 0, too-large 1", intake.Stage.ToString());
    }

    [Fact]
    public void What_the_outbox_cannot_take_waits_in_order_and_what_has_no_room_is_counted()
    {
        var files = new FaultyFileSpace();
        using var outbox = Open(files);
        var edge = new LedgerEdge("outbox->file");
        var size = Samples.Alert(1).Line.Length;
        var intake = new AlertIntake(outbox, new AlertPolicy(AlertPolicyOptions.Unlimited), size * 3, [edge]);
        intake.Accept(Samples.Alert(1), isRetry: false);
        files.FreeBytes = 0;
        for (var i = 2; i <= 6; i++) intake.Accept(Samples.Alert(i), isRetry: false);
        intake.Accept(Samples.Alert(3), isRetry: false);
        Assert.Equal(3, intake.Waiting);
        Assert.Equal("stored 1, duplicate 1, suppressed 0, rate-limited 0, refused 2, too-large 0", intake.Stage.ToString());
        Assert.Equal(intake.Stage.Entered, intake.Stage.Left + intake.Waiting);
        files.FreeBytes = long.MaxValue;
        intake.Accept(Samples.Alert(7), isRetry: false);
        Assert.Equal(0, intake.Waiting);
        Assert.Equal(5, edge.Given);
        Assert.Equal(intake.Stage.Entered, intake.Stage.Left);
        var sink = new RecordingSink();
        using var cursor = new SinkCursor(outbox, "file");
        cursor.Pump(sink, 100);
        Assert.Equal(["alert 1", "alert 2", "alert 3", "alert 4", "alert 7"], sink.Texts);
    }

    [Fact]
    public void A_retry_of_an_alert_that_did_not_get_through_is_neither_suppressed_nor_counted_twice()
    {
        using var outbox = Open(new FaultyFileSpace());
        var intake = new AlertIntake(outbox, new AlertPolicy(new AlertPolicyOptions()), 0, []);
        var alert = Samples.Alert(1, pid: 7);
        intake.Stage.Enter(1);
        intake.Accept(alert, isRetry: true);
        Assert.Equal("stored 1, duplicate 0, suppressed 0, rate-limited 0, refused 0, too-large 0", intake.Stage.ToString());
        Assert.Equal(1, intake.Stage.Entered);
    }

    [Fact]
    public void What_earlier_runs_left_unread_counts_as_given()
    {
        var files = new FaultyFileSpace();
        using (var outbox = Open(files))
        {
            for (var i = 0; i < 5; i++) outbox.Put(Samples.Alert(i));
        }

        using var again = Open(files);
        using var cursor = new SinkCursor(again, "file");
        Assert.Equal(5, cursor.Edge.Given);
        var sink = new RecordingSink();
        Assert.Equal(SinkProgress.More, cursor.Pump(sink, 2));
        Assert.Equal(SinkProgress.CaughtUp, cursor.Pump(sink, 3));
        Assert.Equal(5, cursor.Edge.Taken);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"alert {i}"), sink.Texts);
    }

    [Fact]
    public void The_console_colours_the_level_only_when_asked()
    {
        Assert.True(OutboxEntry.TryUnpack(OutboxEntry.Pack(Samples.Alert(1, timeNs: 1_772_600_767_123_456_789)), out var entry));
        using var plain = new StringWriter { NewLine = "\n" };
        new ConsoleSink(plain, colours: false).Write(entry);
        Assert.Equal("2026-03-04T05:06:07.123Z high          alert 1\n", plain.ToString());
        using var coloured = new StringWriter { NewLine = "\n" };
        new ConsoleSink(coloured, colours: true).Write(entry);
        Assert.Equal("2026-03-04T05:06:07.123Z \u001b[1;31mhigh         \u001b[0m alert 1\n", coloured.ToString());
    }

    private AlertOutbox Open(FaultyFileSpace files) => AlertOutbox.Open(files, "/outbox", Journal, 1000, _clock);
}
