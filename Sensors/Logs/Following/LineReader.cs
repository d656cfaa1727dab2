using Picket.Detection.Events;

namespace Picket.Sensors.Logs.Following;

/// <summary>Reads lines of one open file at a time into a batch, from a position on. All files of a thread share its buffer.</summary>
internal sealed class LineReader(LineDecoder decoder, int maxLine)
{
    private const int Chunk = 64 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(maxLine + Chunk);

    /// <summary>
    /// Reads complete lines until the batch is full or the file ends.
    /// </summary>
    /// <param name="file">The file, whose position moves.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="last">Whether nothing more will be written: what has no line end is a line too.</param>
    /// <returns>Whether there is more to read at once.</returns>
    public bool Read(Follower file, EventBatch batch, bool last) // hot
    {
        while (true)
        {
            var count = RandomAccess.Read(file.Handle, _buffer, file.Position);
            if (count == 0) return false;
            var used = Split(file, batch, _buffer.AsSpan(0, count), last && count < _buffer.Length, out var full);
            file.Advance(used);
            if (full) return true;
            if (used == 0) return false;
        }
    }

    /// <summary>Takes the lines of <paramref name="bytes"/>; returns the bytes that are done with.</summary>
    private int Split(Follower file, EventBatch batch, ReadOnlySpan<byte> bytes, bool last, out bool full)
    {
        var at = 0;
        full = false;
        while (at < bytes.Length && !full)
        {
            var rest = bytes[at..];
            if (file.IsSkipping)
            {
                at += Skip(file, rest);
                continue;
            }

            // A program that has the file open without O_APPEND leaves a hole of zeros where a truncation was.
            var zeros = rest.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : rest.Length;
            if (zeros > 0)
            {
                file.Count.SkippedBytes(zeros);
                at += zeros;
                continue;
            }

            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && rest.Length < maxLine && !last) break;
            var length = end < 0 ? rest.Length : end;
            full = !HasRoom(batch, Math.Min(length, maxLine));
            if (full) break;
            Take(file, batch, rest[..Math.Min(length, maxLine)], at, length > maxLine || (end < 0 && !last));
            at += Math.Min(length, maxLine);
            if (length > maxLine || (end < 0 && !last)) file.IsSkipping = true;
            else if (end >= 0) at++;
        }

        return at;
    }

    private static int Skip(Follower file, ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        file.Count.SkippedBytes(end < 0 ? rest.Length : end);
        if (end < 0) return rest.Length;
        file.IsSkipping = false;
        return end + 1;
    }

    private static bool HasRoom(EventBatch batch, int length) =>
        batch.Count < batch.Capacity && (batch.Count == 0 || batch.FreeBytes > (2 * length) + 4096);

    private void Take(Follower file, EventBatch batch, ReadOnlySpan<byte> line, int at, bool cut)
    {
        var offset = file.Position + at;
        if (line.Length > 0 && line[^1] == '\r') line = line[..^1];
        if (line.IsEmpty)
        {
            file.Count.Blank();
            return;
        }

        if (cut) file.Cut();
        var flags = cut ? EventFlags.LineTruncated : EventFlags.None;
        if (decoder.Decode(batch, file.Service, line, (ulong)offset, flags)) file.Count.Line();
        else file.Count.Own();
    }
}
