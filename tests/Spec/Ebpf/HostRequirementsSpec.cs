using Picket.Sensors.Ebpf;

namespace Picket.Spec.Ebpf;

public sealed class HostRequirementsSpec
{
    [Theory]
    [InlineData("5.7.19", false)]
    [InlineData("4.18.0-553.el8_10.x86_64", false)]
    [InlineData("5.8.0", true)]
    [InlineData("5.10.0-28-amd64", true)]
    [InlineData("6.1+deb", true)]
    [InlineData("nonsense", false)]
    public void A_kernel_is_new_enough_from_5_8_on(string release, bool enough) => Assert.Equal(enough, HostRequirements.IsNewEnough(release));

    [Theory]
    [InlineData("CapEff:\t0000000000000000", false)]
    [InlineData("CapEff:\t000001ffffffffff", true)]
    [InlineData("CapEff:\t0000008000000000", false)]
    [InlineData("CapEff:\t000000c000000000", true)]
    [InlineData("CapEff:\t0000000000200000", true)]
    public void Loading_takes_the_administrator_or_both_narrow_capabilities(string status, bool may) =>
        Assert.Equal(may, HostRequirements.MayLoad(HostRequirements.EffectiveCapabilities(["Name:\tx", status])));

    [Fact]
    public void Missing_objects_and_folders_are_named_with_a_remedy()
    {
        var missing = HostRequirements.Check(new EbpfOptions("/nowhere/objects", "/nowhere/pins"));
        Assert.Contains(missing, m => m.What.Contains("/nowhere/objects/process.bpf.o", StringComparison.Ordinal));
        Assert.Contains(missing, m => m.What.Contains("/nowhere/pins", StringComparison.Ordinal));
        Assert.All(missing, m => Assert.NotEmpty(m.Remedy));
    }

    [Theory]
    [InlineData("relative", 65536)]
    [InlineData("/sys/fs/bpf/with.dot", 65536)]
    [InlineData("/sys/fs/bpf/x", 65537)]
    [InlineData("/sys/fs/bpf/x", 4096)]
    public void Options_outside_of_their_range_are_refused(string pins, int ring) => Assert.Throws<ArgumentException>(() => new EbpfOptions("/objects", pins, ring));
}
