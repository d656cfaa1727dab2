using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;

namespace Picket.Sensors.Dns;

/// <summary>Addresses of 16 bytes as text: IPv4 ones, which stand there as <c>::ffff:a.b.c.d</c>, in their own form.</summary>
internal static class AddressText
{
    /// <summary>Bytes that any address fits into.</summary>
    public const int Longest = 46;

    private const uint MappedPrefix = 0xffff;

    /// <summary>The 16 bytes of an IPv4 address of four.</summary>
    public static UInt128 Mapped(ReadOnlySpan<byte> four) => // hot
        new(0, (ulong)MappedPrefix << 32 | BinaryPrimitives.ReadUInt32BigEndian(four));

    /// <summary>Writes an address; returns its length.</summary>
    public static int Write(UInt128 address, Span<byte> text) // hot
    {
        var low = (ulong)address;
        if ((ulong)(address >> 64) == 0 && low >> 32 == MappedPrefix)
        {
            var length = 0;
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                Utf8Formatter.TryFormat((byte)(low >> shift), text[length..], out var digits);
                length += digits;
                if (shift > 0) text[length++] = (byte)'.';
            }

            return length;
        }

        return WriteSix(address, text);
    }

    /// <summary>RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups as "::", the first of equals.</summary>
    private static int WriteSix(UInt128 address, Span<byte> text) // hot
    {
        var (best, run) = LongestRun(address);
        var length = 0;
        for (var group = 0; group < 8; group++)
        {
            if (group == best)
            {
                text[length++] = (byte)':';
                text[length++] = (byte)':';
                group += run - 1;
                continue;
            }

            if (group > 0 && group != best + run) text[length++] = (byte)':';
            Utf8Formatter.TryFormat(Group(address, group), text[length..], out var digits, new System.Buffers.StandardFormat('x'));
            length += digits;
        }

        return length;
    }

    private static (int Start, int Length) LongestRun(UInt128 address) // hot
    {
        var (best, longest) = (-1, 1);
        for (var group = 0; group < 8;)
        {
            var end = group;
            while (end < 8 && Group(address, end) == 0) end++;
            if (end - group > longest) (best, longest) = (group, end - group);
            group = end + 1;
        }

        return best < 0 ? (-1, 0) : (best, longest);
    }

    private static ushort Group(UInt128 address, int index) => (ushort)(address >> (112 - index * 16)); // hot

    /// <summary>The 16 bytes of any address.</summary>
    public static UInt128 Of(IPAddress address) =>
        BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
}
