using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>The field QueryResults taken apart: addresses, and <c>type:  5 name</c>, each ended by a semicolon.</summary>
internal static class DnsResults
{
    /// <summary>One answer.</summary>
    /// <param name="Type">The record type's name, or TYPE and its number.</param>
    /// <param name="Data">The address, name or text.</param>
    /// <param name="IsAddress">Whether it is an address.</param>
    internal readonly record struct Answer(string Type, string Data, bool IsAddress);

    /// <summary>The answers; a backslash before a semicolon makes it part of the text.</summary>
    internal static List<Answer> Parse(ReadOnlySpan<byte> field)
    {
        var answers = new List<Answer>();
        var part = new StringBuilder();
        var text = Encoding.UTF8.GetString(field);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[i++]).Append(text[i]);
                continue;
            }

            if (text[i] != ';')
            {
                part.Append(text[i]);
                continue;
            }

            if (part.Length > 0) answers.Add(Of(part.ToString()));
            part.Clear();
        }

        return answers;
    }

    private static Answer Of(string part)
    {
        const string Prefix = "type:";
        if (part.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var rest = part[Prefix.Length..].TrimStart(' ');
            var blank = rest.IndexOf(' ', StringComparison.Ordinal);
            var number = blank < 0 ? rest : rest[..blank];
            var data = blank < 0 ? "" : rest[(blank + 1)..];
            return new Answer(NameOf(number), data, false);
        }

        if (!IPAddress.TryParse(part, out var address)) return new Answer("", part, false);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return new Answer(address.AddressFamily == AddressFamily.InterNetwork ? "A" : "AAAA", address.ToString(), true);
    }

    private static string NameOf(string number) => number switch
    {
        "2" => "NS",
        "5" => "CNAME",
        "6" => "SOA",
        "12" => "PTR",
        "15" => "MX",
        "16" => "TXT",
        "33" => "SRV",
        "65" => "HTTPS",
        _ => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var type)
            ? string.Create(CultureInfo.InvariantCulture, $"TYPE{type}")
            : "",
    };
}
