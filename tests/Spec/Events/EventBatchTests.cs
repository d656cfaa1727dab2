using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;

namespace Picket.Spec.Events;

public sealed class EventBatchTests
{
    private static readonly EventSource Source = new("test", "", null, 0);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var field = FieldTable.Intern("EventBatchTests.Field");
        var batch = new EventBatch(4, 1024);
        batch.Begin(Source, null);
        batch.Add(EventKind.ProcessCreation).Sequence = 7;
        batch.AddText(Fields.Image, "/bin/x"u8);
        batch.AddText(field, "a"u8);
        batch.AddText(field, "b"u8);
        batch.SetDetail(new ProcessDetail { Uid = 12, ArgumentCount = 3 });
        batch.Add(EventKind.ProcessFork);

        var view = batch.View(0);
        Assert.Equal(7UL, view.Record.Sequence);
        Assert.Equal("/bin/x", Encoding.UTF8.GetString(view.First(Fields.Image).Text));
        Assert.True(view.TryGetDetail(out var detail));
        Assert.Equal(12U, detail.Uid);
        Assert.False(view.First(Fields.CommandLine).IsPresent);
        var values = new List<string>();
        foreach (var value in view.All(field)) values.Add(Encoding.UTF8.GetString(value.Text));
        Assert.Equal(["a", "b"], values);
        Assert.Equal(0, batch.View(1).Entries.Length);
        Assert.False(batch.View(1).TryGetDetail(out _));
    }

    [Fact]
    public void An_arena_grows_and_keeps_what_it_held()
    {
        var batch = new EventBatch(4, 1024);
        batch.Begin(Source, null);
        batch.Add(EventKind.ProcessCreation);
        batch.AddText(Fields.Image, "/first"u8);
        batch.AddText(Fields.CommandLine, new byte[100_000]);
        Assert.Equal("/first"u8, batch.View(0).First(Fields.Image).Text);
        Assert.Equal(100_000, batch.View(0).First(Fields.CommandLine).Text.Length);
    }

    [Fact]
    public void A_removed_record_leaves_no_field_behind()
    {
        var batch = new EventBatch(4, 1024);
        batch.Begin(Source, null);
        batch.Add(EventKind.ProcessCreation);
        batch.AddText(Fields.Image, "/kept"u8);
        batch.Add(EventKind.ProcessCreation);
        var free = batch.FreeBytes;
        batch.AddText(Fields.Image, "/gone"u8);
        batch.RemoveLast();
        Assert.Equal(free, batch.FreeBytes);
        batch.Add(EventKind.ProcessFork);
        Assert.Equal(2, batch.Count);
        Assert.False(batch.View(1).First(Fields.Image).IsPresent);
    }

    [Fact]
    public void A_batch_completes_once_when_the_last_hold_is_let_go()
    {
        var owner = new CountingOwner();
        var batch = new EventBatch(4, 1024);
        batch.Begin(Source, owner);
        batch.Hold();
        batch.LetGo();
        Assert.Equal(0, owner.Completed);
        batch.LetGo();
        Assert.Equal(1, owner.Completed);
        Assert.Throws<InvalidOperationException>(batch.LetGo);
    }

    [Fact]
    public void The_pool_lends_all_and_no_more_and_takes_none_twice()
    {
        var pool = new BatchPool(2, 16, 1024);
        Assert.True(pool.TryRent(out var first));
        Assert.True(pool.TryRent(out var second));
        Assert.False(pool.TryRent(out _));
        Assert.Equal(2, pool.Outstanding);
        pool.Return(first);
        pool.Return(second);
        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<InvalidOperationException>(() => pool.Return(first));
    }

    [Fact]
    public void A_slice_settles_its_edge_whatever_happens_to_it()
    {
        // Steps: 0 takes a record and ends well, 1 takes one and fails. What is left at the release is dropped.
        Prop.ForAll(
            Gen.Choose(0, 20).SelectMany(count => Gen.Choose(0, 1).ListOf(count)).ToArbitrary(),
            Gen.Choose(0, 20).ToArbitrary(),
            (steps, total) =>
            {
                var owner = new CountingOwner();
                var batch = new EventBatch(32, 1024);
                batch.Begin(Source, owner);
                for (var i = 0; i < total; i++) batch.Add(EventKind.ProcessFork);
                var edge = new LedgerEdge("a->b");
                var slice = EventSlice.LendAll(batch, edge);
                batch.LetGo();
                var (taken, failed) = (0, 0);
                foreach (var step in steps)
                {
                    if (!slice.MoveNext(out _, out _)) break;
                    if (step == 0) taken++;
                    else
                    {
                        failed++;
                        slice.SkipFailed();
                    }
                }

                // A record in hand at the end counts as handled only when the handler looked for the next one.
                var ended = !slice.MoveNext(out _, out _);
                slice.Release();
                var dropped = total - taken - failed;
                return owner.Completed == 1 && edge.Given == total && edge.Failed == failed && edge.Dropped == dropped
                    && edge.Taken == taken && ended == (taken + failed == total);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Numbers_that_leave_the_process_are_frozen()
    {
        Assert.Equal(
            "Unknown=0 ProcessCreation=1 ProcessFork=2 ProcessTermination=3 ProcessSnapshot=4 FileCreate=16 FileOpen=17 FileModify=18 FileAccess=19 "
            + "FileDelete=20 FileRename=21 FileLink=22 FileSymlink=23 DirectoryCreate=24 DirectoryDelete=25 FileMode=26 FileOwner=27 FileTruncate=28 "
            + "FileNode=29 NetworkConnect=32 NetworkAccept=33 NetworkAttempt=34 NetworkRefused=35 NetworkBind=36 NetworkListen=37 NetworkDatagram=38 "
            + "DnsQuery=48 DnsAnswer=49 SetId=64 Capset=65 Ptrace=66 VmWrite=67 Memfd=68 Module=69 Bpf=70 Mount=71 Umount=72 Unshare=73 Setns=74 "
            + "PivotRoot=75 Kill=76 Prctl=77 Call=78 Uring=96 LogLine=112 AuditRecord=113",
            string.Join(' ', Enum.GetValues<EventKind>().Select(kind => $"{kind}={(int)kind}")));
        Assert.Equal(
            "ArgumentsTruncated=1 ImageTruncated=2 DirectoryTruncated=4 ImageDeleted=8 ImageInMemory=16 Script=32 "
            + "ArgumentsUnreadable=64 SetId=128 CoreDumped=256 Redelivered=512 OnSensor=1024 HashesAwaited=2048 HashesLate=4096 ImageRemote=8192 LineTruncated=32768",
            string.Join(' ', Enum.GetValues<EventFlags>().Where(flag => flag != 0).Select(flag => $"{flag}={(int)flag}")));
    }

    [Fact]
    public void Names_are_found_by_their_bytes_and_never_entered_by_a_look()
    {
        var before = FieldTable.Count;
        Assert.Equal(Fields.Image, FieldTable.Find("Image"u8));
        Assert.Equal(FieldTable.Intern("EventBatchTests.Cased"), FieldTable.Find("EventBatchTests.Cased"u8));
        Assert.Equal(FieldId.Unnamed, FieldTable.Find("eventbatchtests.cased"u8));
        Assert.Equal(FieldId.Unnamed, FieldTable.Find("EventBatchTests.NeverEntered"u8));
        Assert.Equal(FieldId.Unnamed, FieldTable.Find([0xFF, 0xFE]));
        Assert.True(FieldTable.Count >= before);
        Assert.Equal("Image", FieldTable.NameOf(Fields.Image));
    }

    private sealed class CountingOwner : IBatchOwner
    {
        public int Completed { get; private set; }

        public void OnCompleted(EventBatch batch) => Completed++;
    }
}
