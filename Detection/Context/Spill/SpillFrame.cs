using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Context.Spill;

/// <summary>
/// Some records of a batch as bytes, with the context applied: a frame stands for itself, also in another run of the node, where
/// fields and log sources have other numbers. Not thread-safe.
/// </summary>
/// <param name="late">Remembers whose hashes are not decided yet; null where nothing is read back in this run.</param>
internal sealed class SpillFrame(LateHashes? late = null)
{
    private const uint Version = 3;

    private readonly FrameWriter _writer = new();
    private readonly ContextForm _contexts = new();
    private readonly HashSet<FieldId> _fields = [];
    private readonly HashSet<EventRoute> _routes = [];

    /// <summary>The frame of the records at <paramref name="indexes"/>; valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(EventBatch batch, ReadOnlySpan<int> indexes)
    {
        _writer.Clear();
        _contexts.Clear();
        _fields.Clear();
        _routes.Clear();
        foreach (var index in indexes) Collect(batch.View(index));
        _writer.Put(Version);
        _writer.Put(indexes.Length);
        _writer.Put(batch.Source.ClockOffsetNs);
        Name(batch.Source.Module);
        Name(batch.Source.Origin);
        _writer.Put(_fields.Count);
        foreach (var field in _fields)
        {
            _writer.Put(field.Value);
            Name(FieldTable.NameOf(field));
        }

        _writer.Put(_routes.Count);
        foreach (var route in _routes)
        {
            _writer.Put(route);
            foreach (var part in (ReadOnlySpan<byte>)[route.Product, route.Category, route.Service, route.Writer])
            {
                // What no rule has is said by its number: it has no name.
                _writer.Put((byte)(part == EventRouteTable.NoRules ? 1 : 0));
                Name(EventRouteTable.NameOf(part));
            }
        }

        _contexts.Write(_writer, late);
        foreach (var index in indexes) Record(batch.View(index));
        return _writer.Written;
    }

    /// <summary>Records in a frame, and where they come from.</summary>
    /// <exception cref="IOException">It is no frame of this version.</exception>
    public static int CountOf(ReadOnlySpan<byte> frame, out EventSource source)
    {
        var reader = new FrameReader(frame);
        return CountOf(ref reader, out source);
    }

    /// <summary>Adds a frame's records to a batch, which must have room for them.</summary>
    /// <param name="frame">The bytes.</param>
    /// <param name="batch">The batch, begun.</param>
    /// <param name="mark">Added to the flags of each record.</param>
    /// <param name="late">What was remembered when the frame was written in this run.</param>
    /// <exception cref="IOException">The bytes contradict themselves, and what is in the batch is no use.</exception>
    public static void Read(ReadOnlySpan<byte> frame, EventBatch batch, EventFlags mark, LateHashes? late = null)
    {
        var reader = new FrameReader(frame);
        var count = CountOf(ref reader, out _);
        var fields = new Dictionary<ushort, FieldId>();
        for (var left = reader.TakeCount(); left > 0; left--) fields[reader.Take<ushort>()] = FieldTable.Find(reader.TakeBytes());
        var routes = new Dictionary<EventRoute, EventRoute>();
        for (var left = reader.TakeCount(); left > 0; left--)
        {
            routes[reader.Take<EventRoute>()] = new EventRoute(Part(ref reader), Part(ref reader), Part(ref reader), Part(ref reader));
        }

        var contexts = ContextForm.Read(ref reader, late);
        for (var left = count; left > 0; left--) Record(ref reader, batch, fields, routes, contexts, mark);
        if (!reader.AtEnd) throw new IOException("there are bytes behind a frame's end");
    }

    private static int CountOf(ref FrameReader reader, out EventSource source)
    {
        if (reader.Take<uint>() != Version) throw new IOException("a frame of another version");
        var count = reader.TakeCount();
        var offset = reader.Take<long>();
        source = new EventSource(Text(reader.TakeBytes()), Text(reader.TakeBytes()), null, offset);
        return count;
    }

    private void Collect(in EventView view)
    {
        _contexts.NumberOf(view.Context);
        _contexts.NumberOf(view.Other);
        _routes.Add(view.Record.Route);
        foreach (ref readonly var entry in view.Entries) _fields.Add(entry.Id);
    }

    private void Record(in EventView view)
    {
        ref readonly var record = ref view.Record;
        var detailed = view.TryGetDetail(out var detail);
        _writer.Put(new Head
        {
            Key = record.Key, Target = record.Target, TimeNs = record.TimeNs, Sequence = record.Sequence, ThreadId = record.ThreadId,
            Route = record.Route, Flags = record.Flags, Kind = record.Kind, Context = _contexts.NumberOf(view.Context),
            Other = _contexts.NumberOf(view.Other), Fields = record.FieldCount, Detailed = detailed ? 1 : 0,
        });
        if (detailed)
        {
            // The table of argument ends is of records that are never spilled.
            detail.ArgumentCount = detail.ArgumentEndsOffset = 0;
            _writer.Put(detail);
        }

        foreach (ref readonly var entry in view.Entries)
        {
            _writer.Put(entry.Id.Value);
            _writer.Put(entry.Kind);
            _writer.Put(view.ValueOf(entry).Text);
        }
    }

    private static void Record(ref FrameReader reader, EventBatch batch, Dictionary<ushort, FieldId> fields,
        Dictionary<EventRoute, EventRoute> routes, ProcessContext[] contexts, EventFlags mark)
    {
        var head = reader.Take<Head>();
        if (head.Context >= contexts.Length || head.Other >= contexts.Length || batch.Count == batch.Capacity)
            throw new IOException("a frame's record names what is not in it");
        ref var record = ref batch.Add(head.Kind);
        record.Key = head.Key;
        record.Target = head.Target;
        record.TimeNs = head.TimeNs;
        record.Sequence = head.Sequence;
        record.ThreadId = head.ThreadId;
        record.Route = routes.GetValueOrDefault(head.Route);
        record.Flags = head.Flags | mark;
        batch.Attach(batch.Count - 1, head.Context < 0 ? null : contexts[head.Context],
            head.Other < 0 ? null : contexts[head.Other]);
        if (head.Detailed != 0) batch.SetDetail(reader.Take<ProcessDetail>());
        for (var left = head.Fields; left > 0; left--)
        {
            var field = fields.GetValueOrDefault(reader.Take<ushort>());
            var kind = reader.Take<FieldKind>();
            var text = reader.TakeBytes();
            batch.AddField(field, kind, batch.Append(text), text.Length);
        }
    }

    private void Name(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        _writer.Put(length);
        Encoding.UTF8.GetBytes(name, _writer.Room(length));
    }

    private static byte Part(ref FrameReader reader)
    {
        var none = reader.Take<byte>() != 0;
        var name = Text(reader.TakeBytes());
        return none ? EventRouteTable.NoRules : EventRouteTable.Intern(name);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    [StructLayout(LayoutKind.Sequential)]
    private struct Head
    {
        public ProcessKey Key;
        public ProcessKey Target;
        public ulong TimeNs;
        public ulong Sequence;
        public int ThreadId;
        public int Context;
        public int Other;
        public int Fields;
        public int Detailed;
        public EventRoute Route;
        public EventKind Kind;
        public EventFlags Flags;
    }
}
