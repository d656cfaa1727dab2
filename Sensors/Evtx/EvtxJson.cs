using System.Buffers;
using System.Collections.Concurrent;
using Picket.Detection.Events;
using Picket.Sensors.Evtx.Chunks;
using Picket.Sensors.Evtx.Rendering;

namespace Picket.Sensors.Evtx;

/// <summary>
/// Renders records of event logs in the JSON shape that others give them. Nothing is rendered while records are read: a batch carries the
/// chunk, and whoever makes an alert asks for the text.
/// </summary>
public sealed class EvtxJson : IOriginalText
{
    private readonly ConcurrentBag<TreeBuilder> _builders = [];

    private EvtxJson()
    {
    }

    /// <summary>The one that all readers name.</summary>
    public static EvtxJson Shared { get; } = new();

    /// <inheritdoc/>
    public void Write(in EventView view, IBufferWriter<byte> output)
    {
        ref readonly var record = ref view.Record;
        var start = record.RawStart - record.FrameStart;
        if (record.RawLength < EvtxChunk.RecordHeaderSize + 4 || start < 0 || start + record.RawLength > EvtxChunk.Size) return;
        var chunk = view.Batch.Bytes(record.FrameStart, EvtxChunk.Size);
        if (!_builders.TryTake(out var builder)) builder = new TreeBuilder();
        var roots = builder.Build(chunk, start + EvtxChunk.RecordHeaderSize, start + record.RawLength - 4);
        _builders.Add(builder);
        if (roots is not null) JsonTree.Write(roots, output);
    }
}
