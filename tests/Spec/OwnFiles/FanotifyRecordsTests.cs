using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Sensors.OwnFiles.Native;

namespace Picket.Spec.OwnFiles;

/// <summary>The walk over fanotify's bytes: as a kernel gave them, put together here, and damaged.</summary>
public sealed class FanotifyRecordsTests
{
    /// <summary>Read from Linux 6.18: a file <c>x</c> that process 14304 made, wrote and closed in a folder of ext4, as one event.</summary>
    private const string Ext4 = "38000000030018000A01000000000000FFFFFFFFE0370000" + "02002000BC21272B635E23940800000001000000" + "27A2B40005770CFD" + "78000000";

    /// <summary>As above of overlayfs, whose handles are of another kind: process 14319 changed its rights.</summary>
    private const string Overlay = "50000000030018000400000000000000FFFFFFFFEF370000"
        + "02003800D64A830BB3D560522000000" + "0F8000000" + "00000000FB1D0401000000000000000000000000000000002AA2B400509696F2" + "78000000";

    /// <summary>A full queue: no folder, no process.</summary>
    private const string Overflow = "18000000030018000040000000000000FFFFFFFF00000000";

    private static readonly byte[] Three = Convert.FromHexString(Ext4 + Overlay + Overflow);

    [Fact]
    public void What_a_kernel_gave_is_read_field_by_field()
    {
        var records = Read(Three, out var damaged);
        Assert.False(damaged);
        Assert.Equal(
        [
            (FanotifyLibc.Create | FanotifyLibc.Modify | FanotifyLibc.CloseWrite, 14304, "BC21272B635E2394080000000100000027A2B40005770CFD", "x"),
            (FanotifyLibc.Attrib, 14319, "D64A830BB3D5605220000000F800000000000000FB1D0401000000000000000000000000000000002AA2B400509696F2", "x"),
            (FanotifyLibc.Overflow, 0, "", ""),
        ], records);
    }

    [Fact]
    public void Information_of_an_unknown_kind_is_stepped_over_and_a_dot_is_the_folder_itself()
    {
        var bytes = Convert.FromHexString("40000000030018000004000000000000FFFFFFFF01000000" + "0900080001020304" + "02002000BC21272B635E2394080000000100000027A2B40005770CFD" + "2E000000");
        Assert.Equal([(FanotifyLibc.DeleteSelf, 1, "BC21272B635E2394080000000100000027A2B40005770CFD", "")], Read(bytes, out var damaged));
        Assert.False(damaged);
    }

    [Fact]
    public void Bytes_cut_anywhere_give_the_whole_events_before_the_cut_and_say_that_there_was_more()
    {
        int[] ends = [0, 0x38, 0x38 + 0x50, Three.Length];
        for (var cut = 0; cut <= Three.Length; cut++)
        {
            var records = Read(Three[..cut], out var damaged);
            Assert.Equal(ends.Count(end => end > 0 && end <= cut), records.Count);
            Assert.Equal(!ends.Contains(cut), damaged);
        }
    }

    [Fact]
    public void Damaged_bytes_never_give_more_events_than_they_have_room_for_and_never_throw()
    {
        var changes = Gen.Zip(Gen.Choose(0, Three.Length - 1), Gen.Choose(0, 255)).ListOf();
        Prop.ForAll(Arb.From(changes), list =>
        {
            var bytes = Three.ToArray();
            foreach (var (at, value) in list) bytes[at] = (byte)value;
            var records = Read(bytes, out _);
            Assert.True(records.Count <= bytes.Length / 24);
        }).QuickCheckThrowOnFailure();
    }

    private static List<(ulong Mask, int Pid, string Folder, string Name)> Read(byte[] bytes, out bool damaged)
    {
        var found = new List<(ulong, int, string, string)>();
        var records = new FanotifyRecords(bytes);
        while (records.MoveNext(out var record))
            found.Add((record.Mask, record.Pid, Convert.ToHexString(record.Folder), Encoding.UTF8.GetString(record.Name)));
        damaged = records.IsDamaged;
        return found;
    }
}
