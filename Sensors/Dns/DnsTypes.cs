using System.Buffers.Text;

namespace Picket.Sensors.Dns;

/// <summary>Names of record types (IANA's registry of DNS parameters).</summary>
internal static class DnsTypes
{
    public const ushort A = 1, Cname = 5, Ptr = 12, Mx = 15, Txt = 16, Aaaa = 28, Srv = 33, Ns = 2;

    /// <summary>Bytes that any name fits into.</summary>
    public const int LongestName = 12;

    /// <summary>Writes the name of <paramref name="type"/>, <c>TYPE</c> and its number for one that has none here.</summary>
    public static int Write(ushort type, Span<byte> text) // hot
    {
        var name = NameOf(type);
        if (!name.IsEmpty)
        {
            name.CopyTo(text);
            return name.Length;
        }

        "TYPE"u8.CopyTo(text);
        Utf8Formatter.TryFormat(type, text[4..], out var digits);
        return 4 + digits;
    }

    private static ReadOnlySpan<byte> NameOf(ushort type) => type switch // hot
    {
        A => "A"u8,
        Ns => "NS"u8,
        Cname => "CNAME"u8,
        6 => "SOA"u8,
        10 => "NULL"u8,
        Ptr => "PTR"u8,
        13 => "HINFO"u8,
        Mx => "MX"u8,
        Txt => "TXT"u8,
        25 => "KEY"u8,
        Aaaa => "AAAA"u8,
        Srv => "SRV"u8,
        35 => "NAPTR"u8,
        39 => "DNAME"u8,
        41 => "OPT"u8,
        43 => "DS"u8,
        44 => "SSHFP"u8,
        46 => "RRSIG"u8,
        47 => "NSEC"u8,
        48 => "DNSKEY"u8,
        50 => "NSEC3"u8,
        52 => "TLSA"u8,
        64 => "SVCB"u8,
        65 => "HTTPS"u8,
        99 => "SPF"u8,
        251 => "IXFR"u8,
        252 => "AXFR"u8,
        255 => "ANY"u8,
        256 => "URI"u8,
        257 => "CAA"u8,
        _ => default,
    };
}
