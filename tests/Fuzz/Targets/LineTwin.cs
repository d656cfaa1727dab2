using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Picket.Fuzz.Targets;

/// <summary>Parts a file into lines, and reads the times that have a zone, slowly and plainly.</summary>
internal static partial class LineTwin
{
    /// <summary>The lines of a file, of each at most so many bytes; a line that has none is empty.</summary>
    public static List<byte[]> Lines(byte[] file, int maxLine)
    {
        var lines = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            // A hole of zeros may stand before a line.
            if (file[at] == 0)
            {
                at++;
                continue;
            }

            var end = Array.IndexOf(file, (byte)'\n', at);
            if (end < 0) end = file.Length;
            var carried = file[at..Math.Min(end, at + maxLine)];
            lines.Add(carried is [.., (byte)'\r'] ? carried[..^1] : carried);
            at = end + 1;
        }

        return lines;
    }

    /// <summary>Nanoseconds since 1970 by the time that a line begins with, perhaps behind its priority; null for a line with none.</summary>
    public static Int128? Time(byte[] line)
    {
        if (Iso().Match(Encoding.Latin1.GetString(line)) is not { Success: true } match) return null;
        if (!DateTime.TryParseExact(match.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        Int128 Number(string group) => match.Groups[group].Value is { Length: > 0 } digits ? Int128.Parse(digits, CultureInfo.InvariantCulture) : 0;
        var seconds = (Int128)(day - DateTime.UnixEpoch).TotalSeconds + (Number("hour") * 3600) + (Number("minute") * 60) + Number("second");
        var zone = (Number("hours") * 3600) + (Number("minutes") * 60);
        seconds += match.Groups["sign"].Value == "-" ? zone : -zone;
        return (seconds * 1_000_000_000) + Int128.Parse(match.Groups["fraction"].Value.PadRight(9, '0')[..9], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\A(<\d{1,3}>(1 +)?)?(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.(?<fraction>[0-9]*))?(Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))")]
    private static partial Regex Iso();
}
