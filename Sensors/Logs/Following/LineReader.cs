using Picket.Detection.Events;
using Picket.Sensors.Logs.Access;

namespace Picket.Sensors.Logs.Following;

/// <summary>Reads lines of one open file at a time into a batch, from a position on. All files of a thread share its buffer.</summary>
internal sealed class LineReader(LineDecoder decoder, int maxLine, ILogFiles files)
{
    private const int Chunk = 64 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(maxLine + Chunk);
    private int _count;

    /// <summary>
    /// Reads what is at the file's position; false at its end. There is no batch in hand meanwhile: a thread that hangs here keeps none.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Load(Follower file) // hot
    {
        _count = files.Read(file.Handle, file.Track.Path, _buffer, file.Position);
        return _count > 0;
    }

    /// <summary>Takes complete lines of what was read, until the batch is full.</summary>
    /// <param name="file">The file, whose position moves.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="last">Whether nothing more will be written: what has no line end is a line too.</param>
    public void Take(Follower file, EventBatch batch, bool last) => // hot
        file.Advance(Split(file, batch, _buffer.AsSpan(0, _count), last && _count < _buffer.Length));

    /// <summary>Takes the lines of <paramref name="bytes"/>; returns the bytes that are done with.</summary>
    private int Split(Follower file, EventBatch batch, ReadOnlySpan<byte> bytes, bool last)
    {
        var at = 0;
        while (at < bytes.Length)
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
            if (!HasRoom(batch, Math.Min(length, maxLine))) break;
            Add(file, batch, rest[..Math.Min(length, maxLine)], at, length > maxLine || (end < 0 && !last));
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

    private void Add(Follower file, EventBatch batch, ReadOnlySpan<byte> line, int at, bool cut)
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
