using System.Runtime.CompilerServices;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Events;
using static Picket.Spec.Context.Family;

namespace Picket.Spec.Context;

/// <summary>The bytes in the store are frozen: who changes them needs other manifests.</summary>
public sealed class AncestryFormTests
{
    [Fact]
    public void The_blocks_have_the_sizes_that_were_written()
    {
        Assert.Equal(192, Unsafe.SizeOf<ProcessDetail>());
        Assert.Equal(32, Unsafe.SizeOf<ProgramShape>());
        Assert.Equal(("ancestry-change-1", "ancestry-1"), (AncestryForm.ChangeManifest, AncestryForm.SnapshotManifest));
    }

    [Fact]
    public void The_bytes_are_those_that_were_written()
    {
        Assert.Equal(("16FBE0C7C763135B", "7B341654C9AEECD4"), (Hash(AncestryForm.Write(Change())), Hash(AncestryForm.Write(Snapshot()))));

        static string Hash(byte[] bytes) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes).AsSpan(0, 8));
    }

    [Fact]
    public void All_of_it_comes_back()
    {
        var change = AncestryForm.ReadChange(AncestryForm.Write(Change()));
        Assert.Equal("boot", change.BootId);
        Same(Change().Kept, change.Kept);
        Assert.Equal(Change().Dropped, change.Dropped);
        Assert.Equal(Change().Linked, change.Linked);
        Assert.Equal(Change().Unlinked, change.Unlinked);
        var snapshot = AncestryForm.ReadSnapshot(AncestryForm.Write(Snapshot()));
        Same(Snapshot().Ancestors, snapshot.Ancestors);
        Assert.Equal(Snapshot().Links, snapshot.Links);
    }

    [Fact]
    public void Bytes_that_were_cut_or_lengthened_are_refused_at_every_length()
    {
        var bytes = AncestryForm.Write(Change());
        for (var length = 0; length < bytes.Length; length++) Assert.ThrowsAny<IOException>(() => AncestryForm.ReadChange(bytes.AsMemory(0, length)));
        Assert.ThrowsAny<IOException>(() => AncestryForm.ReadChange((byte[])[.. bytes, 0]));
        Assert.ThrowsAny<IOException>(() => AncestryForm.ReadSnapshot((byte[])[.. AncestryForm.Write(Snapshot()), 0]));
    }

    private static void Same(IReadOnlyList<Ancestor> expected, IReadOnlyList<Ancestor> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal((one.Id, one.Parent, one.Detail), (other.Id, other.Parent, other.Detail));
            Assert.Equal(Text(one.Program.Executable) + Text(one.Program.CommandLine), Text(other.Program.Executable) + Text(other.Program.CommandLine));
            Assert.Equal((one.Program.ArgumentCount, one.Program.ExecutedNs, one.Program.Flags), (other.Program.ArgumentCount, other.Program.ExecutedNs, other.Program.Flags));
        }
    }

    private static AncestryChanged Change() => new("boot", Snapshot().Ancestors, [new(KeyOf(5), 7), new(KeyOf(6), 0)], Snapshot().Links, [KeyOf(8), KeyOf(9)]);

    private static AncestrySnapshot Snapshot()
    {
        var family = new Family();
        family.List((1, 0, "/init"));
        family.Execute(20, 1, "/bin/parent");
        family.Execute(21, 20, "/bin/middle");
        family.Fork(22, 21);
        family.Exit(20);
        family.Exit(21);
        var kept = family.Select().ToSnapshot();
        return kept with { Ancestors = [.. kept.Ancestors.OrderBy(ancestor => ancestor.Id.Key.Pid)] };
    }
}
