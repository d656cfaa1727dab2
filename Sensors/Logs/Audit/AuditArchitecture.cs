using Picket.Sensors.Linux;

namespace Picket.Sensors.Logs.Audit;

/// <summary>The architectures of audit records, as linux/audit.h numbers them.</summary>
internal static class AuditArchitecture
{
    private const uint X64 = 0xC000003E;
    private const uint I386 = 0x40000003;
    private const uint Arm64 = 0xC00000B7;

    /// <summary>Set in the number of an x32 call, which else has the number of x86-64.</summary>
    private const long X32Bit = 0x4000_0000;

    /// <summary>The name of a system call; null for an architecture or a number that is not known.</summary>
    public static string? CallName(uint arch, long number) // hot
    {
        if (arch == X64) number &= ~X32Bit;
        if (number is < 0 or > int.MaxValue) return null;
        return arch switch
        {
            X64 => SyscallNames.NameOf(SyscallEntry.X64, (int)number),
            I386 => SyscallNames.NameOf(SyscallEntry.I386, (int)number),
            Arm64 => SyscallNames.NameOf(SyscallEntry.Arm64, (int)number),
            _ => null,
        };
    }
}
