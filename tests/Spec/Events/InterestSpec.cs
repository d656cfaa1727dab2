using Picket.Detection.Events;

namespace Picket.Spec.Events;

/// <summary>What two sets of rules ask for together, as while one takes the other's place.</summary>
public sealed class InterestSpec
{
    [Fact]
    public void Together_they_ask_for_all_that_one_of_them_does()
    {
        var one = new EventInterest(EventKind.FileCreate)
        {
            Read = new NameInterest(false, new HashSet<string> { "shadow" }, new HashSet<string>()),
            Audit = new AuditInterest(AuditTypes.Syscall, new HashSet<string> { "ptrace" }, new HashSet<string> { "k" }),
            Calls = new HashSet<string> { "acct" },
        };
        var two = new EventInterest(EventKind.NetworkConnect)
        {
            Read = new NameInterest(false, new HashSet<string>(), new HashSet<string> { ".ssh" }),
            Audit = new AuditInterest(AuditTypes.Path, new HashSet<string>(), new HashSet<string>()) { Paths = new Ends('b') },
            Calls = new HashSet<string> { "reboot" },
        };

        var both = one.With(two);

        Assert.True(both.Wants(EventKind.FileCreate) && both.Wants(EventKind.NetworkConnect));
        Assert.False(both.Wants(EventKind.DnsQuery));
        Assert.Equal((false, "shadow", ".ssh"), (both.Read.Everything, both.Read.Bases.Single(), both.Read.Folders.Single()));
        Assert.Equal((AuditTypes.Syscall | AuditTypes.Path, "ptrace", "k"), (both.Audit.Types, both.Audit.Calls.Single(), both.Audit.Keys.Single()));
        Assert.Equal(["acct", "reboot"], both.Calls.Order());
        Assert.True(both.Audit.Paths!.MayBeAsked("/b"u8));
        Assert.False(both.Audit.Paths.MayBeAsked("/a"u8));
        Assert.True(one.With(new EventInterest()).Read.Everything);

        // Paths: what either may be asked about, and all where one of them cannot say.
        var three = new EventInterest { Audit = new AuditInterest(AuditTypes.Path, new HashSet<string>(), new HashSet<string>()) { Paths = new Ends('c') } };
        var paths = two.With(three).Audit.Paths!;
        Assert.True(paths.MayBeAsked("/b"u8) && paths.MayBeAsked("/c"u8) && !paths.MayBeAsked("/a"u8));
        var all = new EventInterest { Audit = new AuditInterest(AuditTypes.Path, new HashSet<string>(), new HashSet<string>()) };
        Assert.Null(two.With(all).Audit.Paths);
    }

    private sealed class Ends(char with) : PathFilter
    {
        public override bool MayBeAsked(ReadOnlySpan<byte> path) => path[^1] == with;
    }
}
