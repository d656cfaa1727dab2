namespace Picket.Sensors.Logs;

/// <summary>What became of the lines. Written by the reading threads, read by anybody.</summary>
public sealed class LogCounts
{
    private long _lines;
    private long _blank;
    private long _own;
    private long _cut;
    private long _skipped;
    private long _read;

    /// <summary>Lines and journal entries that were handed on.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Lines without a letter.</summary>
    public long BlankLines => Interlocked.Read(ref _blank);

    /// <summary>Lines that this very node had written.</summary>
    public long OwnLines => Interlocked.Read(ref _own);

    /// <summary>Lines that were longer than what is carried; they are among <see cref="Lines"/>.</summary>
    public long CutLines => Interlocked.Read(ref _cut);

    /// <summary>Bytes that belong to no line that was handed on: the rest of long lines, holes, the rest of a line begun before.</summary>
    public long SkippedTotal => Interlocked.Read(ref _skipped);

    /// <summary>Bytes that were read.</summary>
    public long ReadBytes => Interlocked.Read(ref _read);

    internal void Line() => Interlocked.Increment(ref _lines);

    internal void Blank() => Interlocked.Increment(ref _blank);

    internal void Own() => Interlocked.Increment(ref _own);

    internal void Cut() => Interlocked.Increment(ref _cut);

    internal void SkippedBytes(long bytes) => Interlocked.Add(ref _skipped, bytes);

    internal void Read(long bytes) => Interlocked.Add(ref _read, bytes);
}
