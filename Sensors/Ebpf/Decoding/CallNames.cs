using System.Runtime.InteropServices;
using System.Text;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>The names of system calls as bytes, so that none is made per event.</summary>
internal static class CallNames
{
    private const uint X32Bit = 0x40000000;

    private static readonly byte[][] Own =
        Fill(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? SyscallEntry.Arm64 : SyscallEntry.X64);
    private static readonly byte[][] Compat = Fill(SyscallEntry.I386);

    /// <summary>The call of a file's record; empty for one without a name.</summary>
    public static ReadOnlySpan<byte> Of(uint number, FileFlags flags) // hot
    {
        if ((flags & FileFlags.ByUring) != 0) return UringNames.Of(number);
        var names = (flags & FileFlags.ThroughCompat) != 0 ? Compat : Own;
        number &= ~X32Bit;
        return number < (uint)names.Length ? names[number] : default;
    }

    private static byte[][] Fill(SyscallEntry entry)
    {
        var names = new byte[CallTable.Compat][];
        for (var i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetBytes(SyscallNames.NameOf(entry, i) ?? "");
        return names;
    }
}
