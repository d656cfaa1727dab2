using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context;
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
