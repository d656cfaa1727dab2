namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Makes one path of where a string begins and of the string.</summary>
internal static class PathText
{
    /// <summary>
    /// Joins <paramref name="directory"/> and <paramref name="text"/> without empty parts, <c>.</c> and <c>..</c>. A <c>..</c>
    /// takes back the part before it, which is not where the kernel goes when that part is a symbolic link.
    /// </summary>
    /// <param name="directory">A path without such parts; may be empty.</param>
    /// <param name="text">What was written; any bytes but NUL.</param>
    /// <param name="absolute">Whether the result begins with a slash.</param>
    /// <param name="rooted">Whether the directory is the caller's root, which <c>..</c> does not leave.</param>
    /// <param name="result">Room for both and two bytes.</param>
    /// <returns>The length of the result.</returns>
    public static int Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> text, bool absolute, bool rooted, Span<byte> result) => // hot
        Join(directory, text, absolute, rooted ? directory.Length : 0, result);

    /// <summary>The same where the first <paramref name="root"/> bytes of the directory are what <c>..</c> does not leave.</summary>
    public static int Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> text, bool absolute, int root, Span<byte> result) // hot
    {
        var length = 0;
        if (directory is not [(byte)'/'] and not [])
        {
            directory.CopyTo(result);
            length = directory.Length;
        }

        var floor = !absolute ? -1 : Math.Min(root, length);
        while (text.Length > 0)
        {
            var slash = text.IndexOf((byte)'/');
            var part = slash < 0 ? text : text[..slash];
            text = slash < 0 ? default : text[(slash + 1)..];
            if (part.IsEmpty || part is [(byte)'.']) continue;
            if (part is [(byte)'.', (byte)'.'] && TryTakeBack(result[..length], floor, out var shorter))
            {
                length = shorter;
                continue;
            }

            if (length > 0 || absolute) result[length++] = (byte)'/';
            part.CopyTo(result[length..]);
            length += part.Length;
        }

        if (length == 0 && absolute) result[length++] = (byte)'/';
        return length;
    }

    /// <summary>False where there is nothing to take back, and the result is relative: then the two dots stay.</summary>
    private static bool TryTakeBack(ReadOnlySpan<byte> path, int floor, out int length) // hot
    {
        var slash = path.LastIndexOf((byte)'/');
        length = Math.Max(slash, Math.Max(floor, 0));
        if (floor >= 0) return true;
        return !path.IsEmpty && path[(slash + 1)..] is not [(byte)'.', (byte)'.'];
    }
}
