using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Picket.Detection.Events;

/// <summary>One event as an engine reads it: numbers, UTF-8 slices and the process context, lent until the handler returns.</summary>
public readonly ref struct EventView
{
    private readonly EventBatch _batch;
    private readonly int _index;

    /// <summary>Looks at record <paramref name="index"/> of <paramref name="batch"/>.</summary>
    public EventView(EventBatch batch, int index)
    {
        _batch = batch;
        _index = index;
    }

    /// <summary>The fixed part.</summary>
    public ref readonly EventRecord Record => ref _batch.Records[_index];

    /// <summary>Where the record comes from.</summary>
    public EventSource Source => _batch.Source;

    /// <summary>The process context; null before the context stage has seen the record, and in a plain replay.</summary>
    public EventContext? Context => _batch.ContextOf(_index);

    /// <summary>The second context: of the event's target, or of its process before the event; null for most kinds.</summary>
    public EventContext? Other => _batch.OtherOf(_index);

    /// <summary>The record's place in the batch.</summary>
    public int Index => _index;

    /// <summary>The batch; what an alert holds until it is safe (see <see cref="EventBatch.Hold"/>).</summary>
    public EventBatch Batch => _batch;

    /// <summary>The record's own field entries, without those of the context.</summary>
    public ReadOnlySpan<FieldEntry> Entries
    {
        get
        {
            ref readonly var record = ref Record;
            return _batch.Entries.Slice(record.FieldStart, record.FieldCount);
        }
    }

    /// <summary>The original record as it was read; empty for a live sensor.</summary>
    public ReadOnlySpan<byte> Raw => _batch.Bytes(Record.RawStart, Record.RawLength);

    /// <summary>The numbers of a process record; false when the record has none.</summary>
    public bool TryGetDetail(out ProcessDetail detail)
    {
        var offset = Record.DetailOffset;
        if (offset < 0)
        {
            detail = default;
            return false;
        }

        detail = MemoryMarshal.Read<ProcessDetail>(_batch.Arena[offset..]);
        return true;
    }

    /// <summary>The value behind one of <see cref="Entries"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FieldValue ValueOf(in FieldEntry entry) => new(entry.Kind, _batch.Bytes(entry.Start, entry.Length)); // hot

    /// <summary>The first value of a field: the record's own, else the context's; missing when neither has it.</summary>
    public FieldValue First(FieldId field) // hot
    {
        var entries = Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Id == field) return ValueOf(entries[i]);
        }

        return OfContext(field);
    }

    /// <summary>What the contexts say of <paramref name="field"/>; missing when they say nothing.</summary>
    public FieldValue OfContext(FieldId field) // hot
    {
        if (Context is not { } context) return default;
        var value = context.Find(field);
        var kind = Record.Kind;
        return value.IsPresent || IsPlain(kind) ? value : context.FindFor(kind, field, Other);
    }

    /// <summary>Whether a context answers alike for all events of a kind; else <see cref="EventContext.FindFor"/> counts.</summary>
    public static bool IsPlain(EventKind kind) => // hot
        kind is EventKind.Unknown or (> EventKind.ProcessTermination and < EventKind.SetId) or > EventKind.Call;

    /// <summary>All values of a field, in the record's order; a context supplies at most one.</summary>
    public FieldValues All(FieldId field) => new(this, field); // hot
}
