using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Picket.Sensors.Linux;

/// <summary>Names of system calls by architecture and number, as the kernel's headers number them (up to 6.15).</summary>
public static class SyscallNames
{
    /// <summary>AUDIT_ARCH_X86_64.</summary>
    public const uint X64 = 0xC000003E;

    /// <summary>AUDIT_ARCH_I386: 32-bit programs on x86, also on a 64-bit kernel.</summary>
    public const uint X86 = 0x40000003;

    /// <summary>AUDIT_ARCH_AARCH64.</summary>
    public const uint Arm64 = 0xC00000B7;

    /// <summary>Set in the number of an x32 call, which else has the number of x86-64.</summary>
    private const long X32Bit = 0x4000_0000;

    private static readonly Table OfX64 = new(SyscallTables.X64);
    private static readonly Table OfX86 = new(SyscallTables.X86);
    private static readonly Table OfArm64 = new(SyscallTables.Arm64);

    /// <summary>The call's name as UTF-8; empty for an architecture or a number that is not known.</summary>
    /// <param name="arch">The architecture as AUDIT_ARCH_* numbers it.</param>
    /// <param name="number">The call's number there.</param>
    public static ReadOnlySpan<byte> Find(uint arch, long number) // hot
    {
        if (arch == X64) number &= ~X32Bit;
        return TableOf(arch) is { } table && (ulong)number < (ulong)table.Names.Length ? table.Names[number] : default;
    }

    /// <summary>The number of a call on an architecture; false when either is not known.</summary>
    public static bool TryNumber(uint arch, string name, out int number)
    {
        number = 0;
        return TableOf(arch) is { } table && table.Numbers.TryGetValue(name, out number);
    }

    /// <summary>The number of the call <paramref name="name"/> through an entry; null where it has none of that name.</summary>
    public static int? NumberOf(SyscallEntry entry, string name) => TryNumber(ArchOf(entry), name, out var number) ? number : null;

    /// <summary>The architecture, as AUDIT_ARCH_* numbers it, of what comes through an entry.</summary>
    public static uint ArchOf(SyscallEntry entry) => entry switch
    {
        SyscallEntry.X64 => X64,
        SyscallEntry.I386 => X86,
        _ => Arm64,
    };

    private static Table? TableOf(uint arch) => arch switch
    {
        X64 => OfX64,
        X86 => OfX86,
        Arm64 => OfArm64,
        _ => null,
    };

    private sealed class Table
    {
        public Table(string text)
        {
            var names = new List<byte[]>();
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (word[0] == '@')
                {
                    var next = int.Parse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
                    while (names.Count < next) names.Add([]);
                    continue;
                }

                numbers[word] = names.Count;
                names.Add(Encoding.ASCII.GetBytes(word));
            }

            Names = [.. names];
            Numbers = numbers.ToFrozenDictionary(StringComparer.Ordinal);
        }

        public byte[][] Names { get; }

        public FrozenDictionary<string, int> Numbers { get; }
    }
}
