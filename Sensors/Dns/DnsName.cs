namespace Picket.Sensors.Dns;

/// <summary>
/// Domain names as they stand in messages, read into text: lower case, labels joined by dots, no dot at the end, "." for the
/// root. Bytes that no host name has are written as <c>\DDD</c>, a dot or a backslash within a label as <c>\.</c> and
/// <c>\\</c>, so that no two names read alike.
/// </summary>
internal static class DnsName
{
    /// <summary>Bytes that the text of any name fits into: 255 of a name, each at most four in the text.</summary>
    public const int LongestText = 1024;

    private const int LongestName = 255;

    /// <summary>
    /// Reads the name at <paramref name="at"/> and moves behind it; false when it is cut off, too long, or its compression does
    /// not lead strictly backwards.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, Span<byte> text, out int length) // hot
    {
        length = 0;
        var from = at;
        var lowest = at;
        var jumped = false;
        var size = 0;
        while (true)
        {
            if ((uint)from >= (uint)message.Length) return false;
            var head = message[from];
            switch (head >> 6)
            {
                case 0:
                    from++;
                    if (head == 0)
                    {
                        if (!jumped) at = from;
                        if (length == 0) text[length++] = (byte)'.';
                        return true;
                    }

                    size += head + 1;
                    if (size >= LongestName || head > message.Length - from) return false;
                    if (length > 0) text[length++] = (byte)'.';
                    foreach (var b in message.Slice(from, head)) Write(b, text, ref length);
                    from += head;
                    break;

                case 3:
                    if (from + 1 >= message.Length) return false;
                    var target = (head & 0x3f) << 8 | message[from + 1];
                    if (!jumped) at = from + 2;
                    jumped = true;

                    // Each jump goes below all that was read so far, so that no chain of them can loop.
                    if (target >= lowest) return false;
                    lowest = target;
                    from = target;
                    break;

                default:
                    return false;
            }
        }
    }

    /// <summary>Moves behind the name at <paramref name="at"/> without reading what it points to.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at) // hot
    {
        while ((uint)at < (uint)message.Length)
        {
            var head = message[at];
            if (head >> 6 == 3)
            {
                at += 2;
                return at <= message.Length;
            }

            if (head >> 6 != 0) return false;
            at += head + 1;
            if (head == 0) return true;
        }

        return false;
    }

    private static void Write(byte b, Span<byte> text, ref int length) // hot
    {
        switch (b)
        {
            case >= (byte)'A' and <= (byte)'Z':
                text[length++] = (byte)(b | 0x20);
                break;
            case (byte)'.' or (byte)'\\' or (byte)';':
                text[length++] = (byte)'\\';
                text[length++] = b;
                break;
            case > 0x20 and < 0x7f:
                text[length++] = b;
                break;
            default:
                text[length++] = (byte)'\\';
                text[length++] = (byte)('0' + b / 100);
                text[length++] = (byte)('0' + b / 10 % 10);
                text[length++] = (byte)('0' + b % 10);
                break;
        }
    }
}
