using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Picket.Detection.Sigma.Scan;

/// <summary>Networks and addresses by the platform's own reader, without the loose forms that it also takes.</summary>
internal static partial class ScanNetwork
{
    private const string Octets = @"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}";

    public static bool Contains(string network, string address)
    {
        var parts = network.Split('/');
        var of = AddressOf(parts[0]);
        var found = AddressOf(address);
        if (of is null || found is null || of.AddressFamily != found.AddressFamily) return false;
        var (left, right) = (BitsOf(of), BitsOf(found));
        var plain = IPAddress.Parse(parts[0]);
        var length = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : BitsOf(plain).Count;
        // A network within ::ffff:0:0/96 is the IPv4 network that it maps.
        if (plain.AddressFamily != of.AddressFamily)
        {
            if (length < 96) return false;
            length -= 96;
        }

        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i]) return false;
        }

        return true;
    }

    private static IPAddress? AddressOf(string text)
    {
        // An interface's name behind an address of IPv6 says where that is reached, and not which it is.
        var zone = text.IndexOf('%', StringComparison.Ordinal);
        if (zone >= 0 && text[..zone].Contains(':', StringComparison.Ordinal)) text = text[..zone];
        if (!Shape().IsMatch(text) || !IPAddress.TryParse(text, out var address)) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static BitArray BitsOf(IPAddress address)
    {
        var bits = new BitArray(address.GetAddressBytes().Length * 8);
        for (var i = 0; i < bits.Length; i++) bits[i] = (address.GetAddressBytes()[i / 8] >> (7 - (i % 8)) & 1) == 1;
        return bits;
    }

    /// <summary>Four plain octets, or hexadecimal groups of at most four digits, the last two perhaps as octets.</summary>
    [GeneratedRegex(@"\A(" + Octets + "|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4})+(:" + Octets + @")?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
