using System.Net;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// Whether a value is an address of a network. An IPv4 address written into IPv6 (<c>::ffff:a.b.c.d</c>) is the IPv4 address.
/// </summary>
internal sealed class CidrMatcher : ValueMatcher
{
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    /// <summary>45 bytes, and the name of an interface behind them.</summary>
    private const int LongestAddress = 64;

    private readonly UInt128 _network;
    private readonly UInt128 _mask;
    private readonly bool _isV4;
    private readonly int _bits;

    /// <param name="address">The network's address.</param>
    /// <param name="length">Leading bits that count.</param>
    public CidrMatcher(IPAddress address, int length)
    {
        // IPv4 lives in the mapped part of IPv6, so that one comparison serves both.
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var bits = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? length + 96 : length;
        _mask = bits == 0 ? 0 : UInt128.MaxValue << (128 - bits);
        _network = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) & _mask;
        _isV4 = bits >= 96 && _network >> 32 == 0xFFFF;
        _bits = bits;
    }

    public override void WriteKey(QuestionKey key)
    {
        key.Add('c');
        key.Add(_network);
        key.Add(_bits);
    }

    public override IReadOnlyList<Literal>? Necessary => null;

    public override bool Matches(in MatchValue value) => // hot
        value.TryAddress(out var address) && (address >> 32 == 0xFFFF) == _isV4 && (address & _mask) == _network;

    /// <summary>
    /// Reads an address: four decimal octets, or IPv6 without brackets; a zone, as in <c>fe80::1%12</c>, is no part of it.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out UInt128 address) // hot
    {
        address = 0;
        if (text.Length is < 2 or > LongestAddress) return false;
        if (text.IndexOf((byte)':') >= 0)
        {
            var zone = text.IndexOf((byte)'%');
            return TryReadV6(zone < 0 ? text : text[..zone], out address);
        }

        if (!TryReadV4(text, out var v4)) return false;
        address = Mapped | v4;
        return true;
    }

    private static bool TryReadV4(ReadOnlySpan<byte> text, out uint address) // hot
    {
        address = 0;
        var octets = 0;
        var at = 0;
        while (true)
        {
            var start = at;
            uint octet = 0;
            while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9' && at - start < 3)
                octet = (octet * 10) + (uint)(text[at++] - '0');
            if (at == start || octet > 255 || (at - start > 1 && text[start] == '0')) return false;
            address = (address << 8) | octet;
            if (++octets == 4) return at == text.Length;
            if (at >= text.Length || text[at++] != '.') return false;
        }
    }

    private static bool TryReadV6(ReadOnlySpan<byte> text, out UInt128 address) // hot
    {
        address = 0;
        UInt128 head = 0, tail = 0;
        var headGroups = 0;
        var tailGroups = 0;
        var gap = false;
        var at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = true;
            at = 2;
        }

        while (at < text.Length)
        {
            var end = text[at..].IndexOf((byte)':');
            var group = end < 0 ? text[at..] : text.Slice(at, end);
            uint bits;
            var groups = 1;
            if (end < 0 && group.IndexOf((byte)'.') >= 0)
            {
                if (!TryReadV4(group, out bits)) return false;
                groups = 2;
            }
            else if (!TryReadHex(group, out bits))
            {
                return false;
            }

            if (gap) (tail, tailGroups) = ((tail << (16 * groups)) | bits, tailGroups + groups);
            else (head, headGroups) = ((head << (16 * groups)) | bits, headGroups + groups);
            if (headGroups + tailGroups > 8) return false;
            if (end < 0)
            {
                at = text.Length;
                break;
            }

            at += end + 1;
            if (at == text.Length) return false;
            if (text[at] != ':') continue;
            if (gap) return false;
            gap = true;
            at++;
        }

        if (gap ? headGroups + tailGroups > 7 : headGroups != 8) return false;
        address = (headGroups == 0 ? 0 : head << (16 * (8 - headGroups))) | tail;
        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out uint value) // hot
    {
        value = 0;
        if (digits.Length is 0 or > 4) return false;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit)) return false;
            value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
