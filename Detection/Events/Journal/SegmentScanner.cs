namespace Picket.Detection.Events.Journal;

/// <summary>Reads the frames of one segment in order, through one buffer, stepping over damage to the next whole frame.</summary>
internal sealed class SegmentScanner : IDisposable
{
    private const int InitialBuffer = 64 << 10;

    private readonly IFileHandle _file;
    private readonly int _maxRecord;
    private byte[] _buffer = new byte[InitialBuffer];
    private long _bufferStart;
    private int _buffered;

    internal SegmentScanner(IFileHandle file, JournalSegment segment, int maxRecord)
    {
        _file = file;
        Segment = segment;
        _maxRecord = maxRecord;
    }

    internal JournalSegment Segment { get; }

    /// <summary>Finds the first whole frame at or behind <paramref name="from"/>.</summary>
    /// <param name="from">Where to begin: the address of a frame.</param>
    /// <param name="end">Where to stop; nothing behind it is looked at or kept.</param>
    /// <param name="start">The frame's address; anything between <paramref name="from"/> and it is damaged.</param>
    /// <param name="next">The address behind the frame.</param>
    /// <param name="payload">The record, until the next call.</param>
    /// <returns>False when no whole frame is left before <paramref name="end"/>.</returns>
    internal bool TryNext(long from, long end, out long start, out long next, out ReadOnlySpan<byte> payload)
    {
        for (start = from; start + JournalFrame.HeaderSize <= end; start += 8)
        {
            var header = Get(start, JournalFrame.HeaderSize, end);
            if (header.Length < JournalFrame.HeaderSize) break;
            var length = JournalFrame.Length(header, _maxRecord);
            if (length == 0) continue;
            var size = JournalFrame.SizeFor(length);
            if (start + size > end) continue;
            var frame = Get(start, size, end);
            if (frame.Length < size || !JournalFrame.IsWhole(frame, start, length)) continue;
            payload = frame.Slice(JournalFrame.HeaderSize, length);
            next = start + size;
            return true;
        }

        next = start = end;
        payload = default;
        return false;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Get(long address, int count, long end)
    {
        var at = address - _bufferStart;
        if (at < 0 || at + count > _buffered)
        {
            if (count > _buffer.Length) _buffer = new byte[Math.Max(count, _buffer.Length * 2)];
            var wanted = (int)Math.Min(_buffer.Length, end - address);
            _bufferStart = address;
            _buffered = _file.Read(Segment.OffsetOf(address), _buffer.AsSpan(0, wanted));
            at = 0;
        }

        return _buffer.AsSpan((int)at, Math.Min(count, _buffered - (int)at));
    }
}
