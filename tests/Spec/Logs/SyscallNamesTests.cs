using System.Text;
using Picket.Sensors.Linux;

namespace Picket.Spec.Logs;

public sealed class SyscallNamesTests
{
    [Theory]
    [InlineData(SyscallNames.X64, 0, "read")]
    [InlineData(SyscallNames.X64, 59, "execve")]
    [InlineData(SyscallNames.X64, 99, "sysinfo")]
    [InlineData(SyscallNames.X64, 133, "mknod")]
    [InlineData(SyscallNames.X64, 135, "personality")]
    [InlineData(SyscallNames.X64, 319, "memfd_create")]
    [InlineData(SyscallNames.X64, 424, "pidfd_send_signal")]
    [InlineData(SyscallNames.X64, 452, "fchmodat2")]
    [InlineData(SyscallNames.X64, 0x4000_0000 + 59, "execve")]
    [InlineData(SyscallNames.X86, 11, "execve")]
    [InlineData(SyscallNames.X86, 356, "memfd_create")]
    [InlineData(SyscallNames.Arm64, 221, "execve")]
    [InlineData(SyscallNames.Arm64, 37, "linkat")]
    [InlineData(SyscallNames.Arm64, 279, "memfd_create")]
    [InlineData(SyscallNames.Arm64, 79, "newfstatat")]
    [InlineData(SyscallNames.X64, 350, "")]
    [InlineData(SyscallNames.X64, 9999, "")]
    [InlineData(SyscallNames.X64, -1, "")]
    [InlineData(0x1234U, 0, "")]
    public void A_number_has_its_architectures_name(uint arch, long number, string name) =>
        Assert.Equal(name, Encoding.ASCII.GetString(SyscallNames.Find(arch, number)));

    [Fact]
    public void A_name_leads_back_to_its_number()
    {
        Assert.True(SyscallNames.TryNumber(SyscallNames.X64, "execveat", out var number));
        Assert.Equal(322, number);
        Assert.False(SyscallNames.TryNumber(SyscallNames.Arm64, "mknod", out _));
        Assert.False(SyscallNames.TryNumber(1, "read", out _));
    }
}
