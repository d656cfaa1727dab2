using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Windows;

/// <summary>
/// Says of Security 4657, a change of a registry value, what Sysmon's fields say: it names key and value apart, the key as the kernel does
/// (<c>\REGISTRY\MACHINE\..</c>), and writes numbers without their type. Rules ask for <c>HKLM\key\value</c> and <c>DWORD (0x00000001)</c>.
/// </summary>
internal static class RegistryAudit
{
    private const int Longest = 4096;

    private static readonly FieldId ObjectName = FieldTable.Intern("ObjectName");
    private static readonly FieldId ValueName = FieldTable.Intern("ObjectValueName");
    private static readonly FieldId NewValue = FieldTable.Intern("NewValue");
    private static readonly FieldId NewType = FieldTable.Intern("NewValueType");
    private static readonly FieldId TargetObject = FieldTable.Intern("TargetObject");
    private static readonly FieldId Details = FieldTable.Intern("Details");

    private static readonly (byte[] Kernel, byte[] Sysmon)[] Hives =
    [
        ([.. @"\REGISTRY\MACHINE\SYSTEM\ControlSet001\"u8], [.. @"HKLM\System\CurrentControlSet\"u8]),
        ([.. @"\REGISTRY\MACHINE\"u8], [.. @"HKLM\"u8]),
        ([.. @"\REGISTRY\USER\"u8], [.. @"HKU\"u8]),
    ];

    /// <summary>The number of the event in the channel Security.</summary>
    public static ReadOnlySpan<byte> EventId => "4657"u8;

    /// <summary>Adds the fields to the batch's last record, unless it has them.</summary>
    public static void Add(EventBatch batch)
    {
        var view = batch.View(batch.Count - 1);
        var key = view.First(ObjectName).Text;
        var name = view.First(ValueName).Text;
        if (key.IsEmpty || key.Length + name.Length > Longest || view.First(TargetObject).IsPresent) return;
        Span<byte> path = stackalloc byte[Longest + 32];
        var length = 0;
        foreach (var (kernel, sysmon) in Hives)
        {
            if (key.Length < kernel.Length || !Ascii.EqualsIgnoreCase(key[..kernel.Length], kernel)) continue;
            sysmon.CopyTo(path);
            length = sysmon.Length;
            key = key[kernel.Length..];
            break;
        }

        key.CopyTo(path[length..]);
        length += key.Length;
        if (!name.IsEmpty)
        {
            path[length++] = (byte)'\\';
            name.CopyTo(path[length..]);
            length += name.Length;
        }

        batch.AddText(TargetObject, path[..length]);
        AddDetails(batch);
    }

    private static void AddDetails(EventBatch batch)
    {
        var view = batch.View(batch.Count - 1);
        var value = view.First(NewValue).Text;
        var type = view.First(NewType).Text;
        if (value.IsEmpty || view.First(Details).IsPresent) return;
        var isDouble = type.SequenceEqual("%%1876"u8) || type.SequenceEqual("REG_DWORD"u8);
        var isQuad = type.SequenceEqual("%%1883"u8) || type.SequenceEqual("REG_QWORD"u8);
        if (isDouble && uint.TryParse(value, out var number)) batch.AddText(Details, Encoding.ASCII.GetBytes($"DWORD (0x{number:x8})"));
        else if (isQuad && ulong.TryParse(value, out var large))
            batch.AddText(Details, Encoding.ASCII.GetBytes($"QWORD (0x{large >> 32:x8}-0x{(uint)large:x8})"));
        else batch.AddText(Details, value.ToArray());
    }
}
