using System.Buffers.Text;
using System.Globalization;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>Reads the numbers that replayed records carry as text.</summary>
internal static class FieldNumber
{
    /// <summary>A decimal number, or a hexadecimal one after <c>0x</c>, as Windows security events write process ids.</summary>
    internal static bool TryRead(FieldValue value, out long number)
    {
        var text = value.Text;
        if (text.StartsWith("0x"u8))
            return long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        return Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
    }
}
