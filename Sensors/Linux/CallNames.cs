using System.Runtime.InteropServices;
using System.Text;

namespace Picket.Sensors.Linux;

/// <summary>The names of this machine's system calls as UTF-8, by the entry they come through.</summary>
internal static class CallNames
{
    private const int Numbers = 512;

    /// <summary>Set in a call's number by programs of the x32 kind, which share the 64-bit table.</summary>
    private const uint X32Bit = 0x40000000;

    private static readonly byte[][] Own = Read(OwnEntry);
    private static readonly byte[][] Compat = CompatEntry is { } entry ? Read(entry) : [];

    /// <summary>The table of numbers of 64-bit programs.</summary>
    public static SyscallEntry OwnEntry =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? SyscallEntry.Arm64 : SyscallEntry.X64;

    /// <summary>The table of the 32-bit entry; null where it is not handled.</summary>
    public static SyscallEntry? CompatEntry =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? null : SyscallEntry.I386;

    /// <summary>The name of call <paramref name="number"/>; empty for a number that has none.</summary>
    public static ReadOnlySpan<byte> Of(uint number, bool compat) // hot
    {
        var names = compat ? Compat : Own;
        number &= ~X32Bit;
        return number < (uint)names.Length ? names[number] : [];
    }

    private static byte[][] Read(SyscallEntry entry) =>
        [.. Enumerable.Range(0, Numbers).Select(number => Encoding.UTF8.GetBytes(SyscallNames.NameOf(entry, number) ?? ""))];
}
