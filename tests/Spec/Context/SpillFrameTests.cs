using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

/// <summary>What waits on disk comes back as it was, with its process and that one's ancestors.</summary>
public sealed class SpillFrameTests
{
    private static readonly FieldId[] SomeFields = [Fields.TargetFilename, Fields.CommandLine, Fields.Script, Fields.Tty];
    private static readonly EventKind[] SomeKinds = [EventKind.FileCreate, EventKind.NetworkDatagram, EventKind.DnsQuery, EventKind.Memfd];

    [Fact]
    public void Any_records_of_a_batch_come_back_as_they_were()
    {
        var family = new Family();
        family.Execute(1, 0, "/sbin/init");
        family.Fork(2, 1);
        family.Execute(2, 1, "/bin/bash");
        family.Fork(3, 2);
        var record = ArbMap.Default.GeneratorFor<(byte Kind, byte Process, uint Time, ushort Flags, (byte Field, byte Shape, byte[] Text)[] Values, bool Detailed)>();
        Prop.ForAll(record.ListOf().ToArbitrary(), records =>
        {
            var batch = new EventBatch(records.Count + 1, 1024);
            batch.Begin(new EventSource("ebpf", "boot", null, 42), null);
            foreach (var one in records)
            {
                ref var added = ref batch.Add(SomeKinds[one.Kind % SomeKinds.Length]);
                added.Key = Family.KeyOf(one.Process % 5);
                added.TimeNs = one.Time;
                added.Sequence = one.Time * 3UL;
                added.ThreadId = one.Process;
                added.Flags = (EventFlags)one.Flags;
                added.Route = EventRouteTable.Route("linux", EventCategories.Of(added.Kind), one.Process % 2 == 0 ? "auditd" : null);
                foreach (var (field, shape, text) in one.Values) batch.AddField(SomeFields[field % 4], (FieldKind)(1 + (shape % 4)), batch.Append(text ?? []), text?.Length ?? 0);
                if (one.Detailed) batch.SetDetail(new ProcessDetail { Uid = one.Time, ParentPid = one.Process });
                batch.Attach(batch.Count - 1, family.Table.Find(Family.KeyOf(one.Process % 5)));
            }

            int[] chosen = [.. Enumerable.Range(0, records.Count).Where(i => i % 3 != 1)];
            var frame = new SpillFrame().Write(batch, chosen).ToArray();
            Assert.Equal(chosen.Length, SpillFrame.CountOf(frame, out var source));
            Assert.Equal(batch.Source, source);
            var back = new EventBatch(Math.Max(1, chosen.Length), 1024);
            back.Begin(source, null);
            SpillFrame.Read(frame, back, EventFlags.None);
            Assert.Equal(chosen.Select(i => Describe(batch.View(i))), Enumerable.Range(0, back.Count).Select(i => Describe(back.View(i))));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hashes_come_back_those_that_are_decided_meanwhile_included(bool unsure)
    {
        var family = new Family();
        var batch = new EventBatch(4, 1024);
        batch.Begin(new EventSource("ebpf", "boot", null, 0), null);
        var hashes = FileHashes.Of([1], [2], [3], unsure)!;
        HashSlot[] slots = [HashSlot.Of(HashOutcome.Known, hashes), new(), HashSlot.Of(HashOutcome.Gone), new()];
        for (var i = 0; i < slots.Length; i++)
        {
            var context = family.Execute(20 + i, 0, "/bin/x");
            context.Program.HashSlot = slots[i];
            batch.Add(EventKind.FileCreate).Key = context.Key;
            batch.Attach(i, context);
        }

        var late = new LateHashes();
        var frame = new SpillFrame(late).Write(batch, [0, 1, 2, 3]).ToArray();
        Assert.Equal([true, false, false, false], Read(late).Select(found => found is not null));
        slots[1].Decide(HashOutcome.Known, hashes);
        slots[3].Decide(HashOutcome.Gone, null);
        Assert.Equal([Text(hashes), Text(hashes), "", ""], Read(late).Select(Text));
        Assert.Equal([unsure, unsure], Read(late).Take(2).Select(found => found!.IsUnsure));

        // Another run remembers nothing.
        Assert.Equal([Text(hashes), "", "", ""], Read(null).Select(Text));

        List<FileHashes?> Read(LateHashes? remembered)
        {
            var back = new EventBatch(4, 1024);
            back.Begin(batch.Source, null);
            SpillFrame.Read(frame, back, EventFlags.None, remembered);
            return [.. Enumerable.Range(0, 4).Select(i => ((ProcessContext)back.View(i).Context!).Program.Hashes)];
        }

        static string Text(FileHashes? found) => found is null ? "" : Encoding.ASCII.GetString(found.Text);
    }

    [Fact]
    public void Hashes_that_are_awaited_are_remembered_of_a_bounded_number_of_processes()
    {
        var family = new Family();
        var late = new LateHashes();
        var first = family.Execute(1, 0, "/bin/x");
        first.Program.HashSlot = new HashSlot();
        late.Note(first);
        for (var i = 0; i < LateHashes.Most; i++)
        {
            Assert.NotNull(late.Find(first.Key, first.Program.ExecutedNs));
            var next = family.Execute(100 + i, 0, "/bin/x");
            next.Program.HashSlot = new HashSlot();
            late.Note(next);
            late.Note(next);
        }

        Assert.Null(late.Find(first.Key, first.Program.ExecutedNs));
    }

    [Fact]
    public void A_damaged_frame_is_an_error_at_its_place_whatever_was_changed()
    {
        var family = new Family();
        var batch = new EventBatch(4, 1024);
        batch.Begin(new EventSource("ebpf", "boot", null, 0), null);
        batch.Add(EventKind.FileCreate).Key = Family.KeyOf(9);
        batch.AddText(Fields.TargetFilename, "/tmp/x"u8);
        batch.Attach(0, family.Execute(9, 0, "/bin/x"));
        var frame = new SpillFrame().Write(batch, [0]).ToArray();
        var refused = 0;
        for (var at = 0; at < frame.Length; at++)
        {
            foreach (var damaged in (byte[][])[frame[..at], [.. frame[..at], (byte)~frame[at], .. frame[(at + 1)..]], [.. frame, .. frame[..(at + 1)]]])
            {
                var back = new EventBatch(4, 1024);
                try
                {
                    SpillFrame.CountOf(damaged, out var source);
                    back.Begin(source, null);
                    SpillFrame.Read(damaged, back, EventFlags.None);
                }
                catch (IOException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 2 * frame.Length, $"only {refused} of {3 * frame.Length} were refused");
    }

    private static string Describe(EventView view)
    {
        ref readonly var record = ref view.Record;
        var text = new StringBuilder($"{record.Kind} {record.Key} {record.TimeNs} {record.Sequence} {record.ThreadId} {record.Flags} {record.Route}");
        foreach (ref readonly var entry in view.Entries)
            text.Append($" {FieldTable.NameOf(entry.Id)}:{entry.Kind}={Convert.ToHexString(view.ValueOf(entry).Text)}");
        if (view.TryGetDetail(out var detail)) text.Append($" uid {detail.Uid} parent {detail.ParentPid}");
        for (var at = (ProcessContext?)view.Context; at is not null; at = at.Parent)
        {
            text.Append($" < {at} {at.ParentKey} {Encoding.UTF8.GetString(at.User)} {at.Program.ArgumentCount} {at.Program.ExecutedNs} ");
            text.Append(Encoding.UTF8.GetString(at.Find(Fields.ParentImage).Text)).Append(Encoding.UTF8.GetString(at.Find(Fields.ProcessGuid).Text));
        }

        return text.ToString();
    }
}
