using System.Buffers;
using Picket.Detection.Events;

namespace Picket.Detection.Export;

/// <summary>
/// Turns a shard's events into lines and hands them to the file many at a time. It never holds more lines than
/// <see cref="MostBytes"/> and one event's.
/// </summary>
/// <remarks>Not thread-safe: one per shard, over one file.</remarks>
public sealed class ExportEngine : IDisposable
{
    /// <summary>Bytes of lines at which they are written.</summary>
    public const int MostBytes = 256 * 1024;

    private readonly ExportFile _file;
    private readonly TimeProvider _time;
    private readonly HashSet<EventKind> _kinds;
    private readonly EventLine _line = new();
    private readonly ArrayBufferWriter<byte> _lines = new(MostBytes);

    /// <summary>Makes the engine of one shard.</summary>
    /// <param name="options">Which kinds.</param>
    /// <param name="file">Where to.</param>
    /// <param name="time">The clock that says when an event reached the engine.</param>
    public ExportEngine(ExportOptions options, ExportFile file, TimeProvider time)
    {
        _file = file;
        _time = time;
        _kinds = [.. options.Kinds];
    }

    /// <summary>Events whose lines are not written yet.</summary>
    public int Pending { get; private set; }

    /// <summary>Whether the lines must be written before another event is added.</summary>
    public bool IsFull => _lines.WrittenCount >= MostBytes;

    /// <summary>Whether events of <paramref name="kind"/> are exported.</summary>
    public bool Wants(EventKind kind) => _kinds.Contains(kind);

    /// <summary>Adds the line of an event.</summary>
    public void Add(in EventView view)
    {
        var nowNs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        _lines.Write(_line.Of(view, nowNs));
        Pending++;
    }

    /// <summary>Writes the lines, which are forgotten in any case.</summary>
    /// <returns>Whether they are in the file.</returns>
    public bool Flush()
    {
        var written = Pending == 0 || _file.Append(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
        Pending = 0;
        return written;
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
