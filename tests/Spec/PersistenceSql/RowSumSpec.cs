using FsCheck;
using FsCheck.Fluent;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Spec.PersistenceSql;

/// <summary>The checksum of a row: frozen, and over everything in it.</summary>
public sealed class RowSumSpec
{
    private static readonly EventRow Sample = new("a", 2, 638000000000000002, "w", "", "string", "second"u8.ToArray(), 0);

    /// <summary>The numbers are in databases out there.</summary>
    [Fact]
    public void Its_form_is_frozen()
    {
        Assert.Equal(252225322u, Sample.Summed());
        Assert.Equal(3008206529u, (Sample with { SequenceNr = 3, Written = 638000000000000003, Type = "", Payload = null }).Summed());
        Assert.Equal(3158012175u, (Sample with { SequenceNr = 4, Written = 638000000000000004, Manifest = "m", Type = "long", Payload = BitConverter.GetBytes(42L) }).Summed());
        Assert.Equal(3375253749u, new SnapshotRow("a", 4, 638000000000000004, "string", "state"u8.ToArray(), 0).Summed());
    }

    [Fact]
    public void Any_flipped_bit_of_the_payload_shows() => Prop.ForAll<byte[], uint>((payload, where) =>
    {
        if (payload.Length == 0) return true;
        var sum = (Sample with { Payload = payload }).Summed();
        byte[] other = [.. payload];
        other[where / 8 % (uint)payload.Length] ^= (byte)(1 << (int)(where % 8));
        return sum != (Sample with { Payload = other }).Summed();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_column_counts_and_none_runs_into_the_next()
    {
        EventRow[] rows =
        [
            Sample, Sample with { PersistenceId = "b" }, Sample with { SequenceNr = 3 }, Sample with { Written = 1 }, Sample with { Writer = "v" },
            Sample with { Manifest = "m" }, Sample with { Type = "strin" }, Sample with { Payload = null }, Sample with { Payload = [] },
            Sample with { PersistenceId = "aw", Writer = "" }, Sample with { Manifest = "string", Type = "" }, Sample with { Payload = "secon"u8.ToArray() },
            Sample with { Payload = "second\0"u8.ToArray() },
        ];
        Assert.Equal(rows.Length, rows.Select(row => row.Summed()).Distinct().Count());
    }
}
