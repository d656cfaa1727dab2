using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Events;

/// <summary>
/// A pooled run of records: headers, field entries and one byte arena. A source fills it, then never touches it again;
/// readers share it by leases. When the last hold is let go its owner takes it back.
/// </summary>
/// <remarks>Not thread-safe while it is filled; afterwards read-only but for <see cref="Attach"/>, which the one context
/// stage calls before it hands slices on.</remarks>
public sealed class EventBatch
{
    private readonly EventRecord[] _records;
    private readonly EventContext?[] _contexts;
    private readonly EventContext?[] _others;
    private FieldEntry[] _entries;
    private byte[] _arena;
    private IBatchOwner? _owner;
    private int _entryCount;
    private int _used;
    private int _lastStart;
    private int _holds;

    /// <summary>
    /// Makes a batch for at most <paramref name="records"/> records; <paramref name="bytes"/> is the arena's initial size.
    /// </summary>
    public EventBatch(int records, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(records, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1024);
        _records = new EventRecord[records];
        _contexts = new EventContext?[records];
        _others = new EventContext?[records];
        _entries = new FieldEntry[records * 8];
        _arena = GC.AllocateUninitializedArray<byte>(bytes);
        Source = NoSource;
    }

    private static readonly EventSource NoSource = new("none", "", null, 0);

    /// <summary>Where the records come from.</summary>
    public EventSource Source { get; private set; }

    /// <summary>Records so far.</summary>
    public int Count { get; private set; }

    /// <summary>Records at most.</summary>
    public int Capacity => _records.Length;

    /// <summary>Bytes of the arena that are still free before it has to grow.</summary>
    public int FreeBytes => _arena.Length - _used;

    /// <summary>The fixed parts.</summary>
    public ReadOnlySpan<EventRecord> Records => _records.AsSpan(0, Count);

    /// <summary>The field entries of all records.</summary>
    public ReadOnlySpan<FieldEntry> Entries => _entries.AsSpan(0, _entryCount);

    /// <summary>The used part of the arena.</summary>
    public ReadOnlySpan<byte> Arena => _arena.AsSpan(0, _used);

    /// <summary>Empties the batch for a new use by <paramref name="source"/>; the caller owns one hold.</summary>
    /// <param name="source">Where the records will come from.</param>
    /// <param name="owner">Told when the last hold is let go; null for a batch that nobody waits for.</param>
    public void Begin(EventSource source, IBatchOwner? owner)
    {
        if (Volatile.Read(ref _holds) != 0) throw new InvalidOperationException("the batch is still held");
        Source = source;
        _owner = owner;
        Count = 0;
        _entryCount = 0;
        _used = 0;
        Volatile.Write(ref _holds, 1);
    }

    /// <summary>Adds a record; the caller fills it in before the next call.</summary>
    public ref EventRecord Add(EventKind kind) // hot
    {
        if (Count == _records.Length) throw new InvalidOperationException("the batch is full");
        ref var record = ref _records[Count];
        record = default;
        record.Kind = kind;
        record.FieldStart = _entryCount;
        record.DetailOffset = -1;
        _contexts[Count] = null;
        _others[Count] = null;
        _lastStart = _used;
        Count++;
        return ref record;
    }

    /// <summary>The record added last.</summary>
    public ref EventRecord Last => ref _records[Count - 1];

    /// <summary>Takes back the record added last with its fields and bytes, as when these turn out to be malformed.</summary>
    public void RemoveLast()
    {
        ref var record = ref _records[Count - 1];
        _entryCount = record.FieldStart;
        _used = _lastStart;
        Count--;
    }

    /// <summary>Takes back the fields of the record added last, as when it has to be read in another way.</summary>
    public void ForgetFields() // hot
    {
        ref var record = ref _records[Count - 1];
        _entryCount = record.FieldStart;
        record.FieldCount = 0;
    }

    /// <summary>Takes back so many of the fields that were added last to the record added last.</summary>
    public void ForgetFields(int count)
    {
        _entryCount -= count;
        _records[Count - 1].FieldCount -= count;
    }

    /// <summary>Reserves <paramref name="length"/> bytes of the arena, 8-byte aligned, growing it when need be.</summary>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="start">Offset of the first byte.</param>
    public Span<byte> Reserve(int length, out int start) // hot
    {
        start = (_used + 7) & ~7;
        if (length > _arena.Length - start) Grow(start + length);
        _used = start + length;
        return _arena.AsSpan(start, length);
    }

    /// <summary>Copies <paramref name="bytes"/> into the arena and returns the offset.</summary>
    public int Append(ReadOnlySpan<byte> bytes) // hot
    {
        bytes.CopyTo(Reserve(bytes.Length, out var start));
        return start;
    }

    /// <summary>Writes the process numbers of the record added last.</summary>
    public void SetDetail(in ProcessDetail detail) // hot
    {
        var bytes = Reserve(Unsafe.SizeOf<ProcessDetail>(), out var start);
        MemoryMarshal.Write(bytes, in detail);
        _records[Count - 1].DetailOffset = start;
    }

    /// <summary>Adds a field to the record added last. The bytes must lie in the arena already.</summary>
    public void AddField(FieldId id, FieldKind kind, int start, int length) // hot
    {
        if (_entryCount == _entries.Length) Array.Resize(ref _entries, _entries.Length * 2);
        _entries[_entryCount++] = new FieldEntry(id, kind, start, length);
        _records[Count - 1].FieldCount++;
    }

    /// <summary>Adds a text field, copying its bytes.</summary>
    public void AddText(FieldId id, ReadOnlySpan<byte> text) => AddField(id, FieldKind.Text, Append(text), text.Length); // hot

    /// <summary>A slice of the arena.</summary>
    public ReadOnlySpan<byte> Bytes(int start, int length) => _arena.AsSpan(start, length); // hot

    /// <summary>Looks at one record.</summary>
    public EventView View(int index) => new(this, index); // hot

    /// <summary>The context attached to a record, or null.</summary>
    public EventContext? ContextOf(int index) => _contexts[index]; // hot

    /// <summary>The second context of a record, or null: of its target, or of its process before the event.</summary>
    public EventContext? OtherOf(int index) => _others[index]; // hot

    /// <summary>Attaches contexts to a record. Only the context stage calls this, before it hands slices on.</summary>
    public void Attach(int index, EventContext? context, EventContext? other = null) // hot
    {
        _contexts[index] = context;
        _others[index] = other;
    }

    /// <summary>Adds to the flags of a record. Only the context stage calls this, before it hands slices on.</summary>
    public void Mark(int index, EventFlags flags) => _records[index].Flags |= flags; // hot

    /// <summary>
    /// A batch of its own for one record, with its contexts, that outlives the record's lease; the caller owns one hold. The table of
    /// argument ends is left out: the context has it.
    /// </summary>
    /// <param name="view">The record.</param>
    /// <param name="flags">Its flags in the copy.</param>
    /// <param name="owner">Told when the last hold is let go.</param>
    public static EventBatch Copy(in EventView view, EventFlags flags, IBatchOwner? owner)
    {
        var bytes = 0;
        foreach (ref readonly var entry in view.Entries) bytes += (entry.Length + 7) & ~7;
        var copy = new EventBatch(1, Math.Max(1024, bytes + Unsafe.SizeOf<ProcessDetail>()));
        copy.Begin(view.Source, owner);
        ref readonly var from = ref view.Record;
        ref var to = ref copy.Add(from.Kind);
        to.Key = from.Key;
        to.Target = from.Target;
        to.TimeNs = from.TimeNs;
        to.Sequence = from.Sequence;
        to.ThreadId = from.ThreadId;
        to.Route = from.Route;
        to.Flags = flags;
        foreach (ref readonly var entry in view.Entries)
        {
            var text = view.ValueOf(entry).Text;
            copy.AddField(entry.Id, entry.Kind, copy.Append(text), text.Length);
        }

        if (view.TryGetDetail(out var detail))
        {
            detail.ArgumentCount = detail.ArgumentEndsOffset = 0;
            copy.SetDetail(detail);
        }

        copy.Attach(0, view.Context, view.Other);
        return copy;
    }

    /// <summary>Keeps the batch from completing until a matching <see cref="LetGo"/>. Only who holds it already may call.</summary>
    public void Hold() => Interlocked.Increment(ref _holds);

    /// <summary>Gives up one hold; the last one completes the batch.</summary>
    public void LetGo()
    {
        var left = Interlocked.Decrement(ref _holds);
        if (left > 0) return;
        if (left < 0) throw new InvalidOperationException("the batch was let go more often than it was held");
        Array.Clear(_contexts, 0, Count);
        Array.Clear(_others, 0, Count);
        Poison();
        _owner?.OnCompleted(this);
    }

    /// <summary>A reader that kept a slice beyond its lease sees rubbish at once in debug builds, not some day in production.</summary>
    [System.Diagnostics.Conditional("DEBUG")]
    private void Poison() => _arena.AsSpan(0, _used).Fill(0xDD);

    private void Grow(int needed) => Array.Resize(ref _arena, Math.Max(needed, checked(_arena.Length * 2)));
}
